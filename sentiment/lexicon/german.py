"""German: the common complaints, praise and intents of shop customers."""

from __future__ import annotations

from sentiment.lexicon.block import Block
from sentiment.verdict import Intent

_DE = "de"
_ORDER = (Intent.WHERE_IS_ORDER,)

COMPLAINTS = (
    Block(
        _DE,
        -0.95,
        """betrug, betruger, abzocke, abgezockt, nie wieder, nie mehr, niemals wieder, finger weg, unverschamt*,
        frechheit, katastrophe, katastrophal*, saftladen, unfassbar schlecht, schrott, mull, scheisse,
        scheiss, mist, das letzte, unmoglich, geldverschwendung, rausgeschmissenes geld, danke fur nichts, ein
        witz, horror, unter aller sau""",
    ),
    Block(
        _DE,
        -0.85,
        """schlecht*, enttausch*, enttaeusch*, furchtbar*, schrecklich*, grauenhaft*, miserabel*, mies*,
        unzufrieden*, verargert*, argerlich*, arger, sauer, wutend, nicht zufrieden, nicht gut, nicht
        empfehlen*, nicht zu empfehlen, empfehle ich nicht, nicht ok, nicht schon, gefallt ~ nicht, gefallt
        nicht, bereue, beschwerde, beschweren, beschwere, reklamation, reklamieren, mangelhaft*,
        minderwertig*, billig verarbeitet, unbrauchbar*, nutzlos*, wertlos*, ekelhaft*, ekelig, eklig,
        peinlich, frustrier*, hasse, nervt, unfreundlich*""",
    ),
    Block(
        _DE,
        -0.9,
        """kaputt*, defekt*, beschadigt*, zerbrochen*, gebrochen, gerissen, zerrissen*, zerkratzt*, geht nicht,
        gehen nicht, ging nicht, funktioniert ~ nicht, funktioniert nicht, funktionieren ~ nicht,
        funktionierte nicht, lasst sich nicht, klappt nicht, auseinander gefallen, auseinandergefallen,
        abgebrochen, undicht*, fehlerhaft*, fehlt, fehlen, fehlte, abgelaufen*, verdorben*, verschimmelt*,
        schimmel*, gefalscht, falschung, schlechte qualitat, leer, ruiniert""",
        topic="quality",
    ),
    Block(
        _DE,
        -0.85,
        """falsch*, falsche (grosse|farbe|ware|artikel|bestellung), nicht (das|die|was) [ich] bestellt*, nicht
        wie (beschrieben|bestellt|abgebildet|erwartet), unvollstand*""",
        topic="product",
    ),
    Block(
        _DE,
        -0.9,
        """nie (angekommen|erhalten|geliefert|bekommen), noch nicht (da|angekommen|erhalten| geliefert|bekommen),
        nicht (angekommen|erhalten|geliefert|bekommen), noch nichts (erhalten|bekommen|gehort), noch immer
        (nicht|nichts|kein*), immer noch (nicht|nichts| kein*), warte (immer noch|noch
        immer|noch|schon|seit|auf), warten (seit|schon), wo (ist|sind|bleibt|bleiben) ~
        (bestellung|paket|lieferung|ware|sendung|schuhe|stiefel| geld), wo bleibt, paket (ist) (weg|verloren),
        kommt nicht an, nicht ankommen""",
        intents=_ORDER,
        topic="delivery",
        firm=True,
    ),
    Block(
        _DE,
        -0.7,
        """zu spat, verspatet*, verspatung, zu lange, ewig, dauert [viel] zu lange, dauerte ~ lange, langsam*,
        lieferung (dauert|dauerte)""",
        topic="delivery",
    ),
    Block(
        _DE, -0.6, """zu (klein|gross|eng|weit|kurz|lang), passt ~ nicht, passen ~ nicht, passt nicht""", topic="size"
    ),
    Block(_DE, -0.7, "zu teuer, uberteuert*, viel zu teuer, wucher, doppelt abgebucht", topic="price"),
    Block(
        _DE,
        -0.85,
        """keine (antwort|reaktion|ruckmeldung|hilfe|nachricht|info), niemand (antwortet|hilft|
        reagiert|meldet|geht), antwortet nicht, meldet sich [niemand|nicht|keiner], keiner
        (antwortet|hilft|meldet), schlechter (service|kundenservice), unhoflich*, ignoriert""",
        topic="service",
    ),
    Block(
        _DE,
        -0.9,
        """geld zuruck, mein geld, ruckerstattung, erstattung, ruckzahlung, erstatten, gutschrift""",
        intents=(Intent.REFUND,),
        topic="returns",
        firm=True,
    ),
    Block(
        _DE,
        -0.5,
        "zuruckschicken, zuruckgeben, zurucksenden, umtauschen, umtausch, retoure, retournieren",
        intents=(Intent.RETURN,),
        topic="returns",
        firm=True,
    ),
    Block(
        _DE,
        -0.5,
        """stornier*, storno, kundigen, bestellung widerrufen, widerruf""",
        intents=(Intent.CANCEL,),
        firm=True,
    ),
    Block(
        _DE,
        -0.5,
        """problem*, schade, leider nicht, konnte besser sein, hatte besser sein [konnen], geht so,
        mittelmassig*, naja, na ja, nichts besonderes, mehr erwartet, besser erwartet, verbesserungswurdig,
        beschwerden""",
    ),
    Block(
        _DE,
        -0.7,
        """(webseite|website|seite|app|link|login) ~ (kaputt|fehler|abgesturzt|geht nicht| funktioniert
        nicht|ladt nicht|hangt), fehlermeldung, sturzt ab, absturz, komme nicht rein""",
        intents=(Intent.BUG,),
        topic="website",
    ),
)

PRAISE = (
    Block(
        _DE,
        0.9,
        """perfekt*, hervorragend*, ausgezeichn*, fantastisch*, phantastisch*, wunderbar*, wunderschon*,
        grossartig*, traumhaft*, begeistert*, liebe es, liebe sie, liebe ihn, ich liebe, genial*, spitze,
        erstklassig*, einwandfrei*, sensationell*, mega, hammer, klasse, exzellent*, sehr zufrieden, bin
        zufrieden, voll zufrieden, absolut empfehlenswert, besser geht ~ nicht, vielen dank, herzlichen dank,
        tausend dank, lecker*, kostlich*""",
    ),
    Block(
        _DE,
        0.65,
        """gut, gute, guter, gutes, guten, super, toll*, prima, schon, schone, schoner, schones, top, zufrieden*,
        empfehle*, empfehlensw*, weiterempf*, gerne wieder, jederzeit wieder, gern wieder, freundlich*,
        hilfsbereit*, schnell*, punktlich*, passt perfekt, passt super, passt, passen, gefallt mir, gefallt
        uns, gefallt, freue mich, freut mich, glucklich*, hubsch*, nett, bequem*, hochwertig*, alles gut,
        alles bestens, alles super, alles ok, nicht schlecht, kann nicht meckern, nichts zu meckern, keine
        beschwerden, keine probleme, kein problem, ohne probleme, problemlos*, reibungslos*, funktioniert,
        funktioniert einwandfrei, wie (beschrieben|erwartet|abgebildet), gut verpackt, preiswert, danke""",
    ),
)

OTHER = (
    Block(
        _DE,
        0.0,
        """nicht nur, (wann|bis wann) kommt ~ (an|paket|bestellung|lieferung), sendungsnummer,
        sendungsverfolgung, tracking nummer""",
        intents=_ORDER,
        topic="delivery",
    ),
    Block(
        _DE,
        0.0,
        """bestellnummer, (guten|schonen) (tag|morgen|abend), wie (viel|lange|gross), gestern
        (angekommen|bekommen), heute (angekommen|bekommen), noch nicht (ausprobiert|
        getestet|probiert|benutzt), zur zeit""",
    ),
    Block(
        _DE,
        0.0,
        """(mensch|menschen|mitarbeiter|mitarbeiterin|person|jemand|jemandem|berater|agenten) ~
        (sprechen|reden|chatten|schreiben|telefonieren), (echten|richtigen|echter|richtiger)
        (mensch|menschen|mitarbeiter|person), (ruft|rufen sie|ruf) mich [bitte] [zuruck] an, (ruft|rufen
        sie|ruf) mich, (konnen|konnt|kann) ~ (anrufen|zuruckrufen), bitte um ruckruf, ruckruf bitte, kein bot,
        keine maschine, sprechen mit (einem|einer), mitarbeiter bitte""",
        intents=(Intent.PERSON,),
        firm=True,
    ),
    Block(
        _DE,
        0.0,
        "mensch, mitarbeiter, ruckruf, anrufen, ein mensch, echter mensch",
        intents=(Intent.PERSON,),
        whole=True,
    ),
    Block(
        _DE,
        0.0,
        """(mich|bitte) (abmelden|austragen), (melde|melden sie|meldet) mich ab, keine (nachrichten|
        mails|sms|werbung|umfragen) mehr, schreib* mir (nicht|nie|keine) ~ mehr, nicht mehr
        (schreiben|kontaktieren|anschreiben), nicht mehr ~ kontaktiert, (hort|hor|horen sie) auf [mir] zu
        (schreiben|nerven|spammen), lasst mich in ruhe, lass mich in ruhe, newsletter abbestellen, schickt mir
        (nichts|keine) ~ mehr""",
        intents=(Intent.STOP,),
        firm=True,
    ),
    Block(
        _DE,
        0.0,
        "abmelden, stopp, stop, austragen, abbestellen, aufhoren, ende, nicht mehr schreiben",
        intents=(Intent.STOP,),
        whole=True,
    ),
    Block(_DE, 0.0, "anmelden, wieder anmelden, fortsetzen, weitermachen", intents=(Intent.RESUME,), whole=True),
    Block(
        _DE,
        -0.9,
        """verletz*, verbrannt, verbrennung*, verbruht, allergi*, ausschlag, hautausschlag, krankenhaus,
        notaufnahme, notarzt, zum arzt, beim arzt, blutet, blute, geblutet, blutung, stromschlag, rauch,
        qualm, qualmt, feuer gefangen, in flammen, es brennt, brand, feuer, explodiert, explosion,
        vergiftet, vergiftung, lebensmittelvergiftung, erbrochen, ubergeben mussen, erstickt, haut ~
        (rot|gerotet|brennt|juckt), glas (im|in), scherben, gefahrlich*, selbstmord, umbringen""",
        intents=(Intent.SAFETY, Intent.DANGER),
        firm=True,
    ),
    Block(
        _DE,
        -0.8,
        """anwalt*, rechtsanwalt*, polizei, anzeige (erstatten|gegen), vor gericht, verklage*, rechtliche
        schritte, verbraucherschutz, verbraucherzentrale, klage""",
        intents=(Intent.SAFETY, Intent.LEGAL),
        firm=True,
    ),
    Block(
        _DE,
        -0.4,
        "verstorben*, gestorben, beerdigung, todesfall, trauerfall, trauer",
        intents=(Intent.SAFETY, Intent.BEREAVEMENT),
        firm=True,
    ),
    Block(
        _DE,
        0.0,
        """ok danke, ja, nein, jo, nee, passt schon, in ordnung, alles klar, verstanden, gut danke, geht so, so
        lala, mal sehen, weiss nicht, ja danke, nein danke, vielleicht, noch nicht""",
        intents=(Intent.ACKNOWLEDGE,),
        whole=True,
    ),
    Block(
        _DE,
        0.3,
        "danke, danke schon, dankeschon, vielen dank, danke sehr, besten dank, herzlichen dank",
        intents=(Intent.THANKS,),
        whole=True,
    ),
    Block(
        _DE,
        0.0,
        "hallo, guten tag, guten morgen, guten abend, moin, servus, gruss gott, grusse",
        intents=(Intent.GREETING,),
        whole=True,
    ),
)

TOPICS = {
    "delivery": "lieferung versand paket zustellung geliefert angekommen liefern dhl hermes bote post",
    "quality": "qualitat verarbeitung material stoff naht reissverschluss sohle leder",
    "size": "grosse grossen passform passt klein eng weit",
    "price": "preis preise teuer kosten gunstig preiswert geld",
    "service": "service kundenservice kundendienst mitarbeiter beratung support freundlich",
    "product": "produkt artikel ware schuhe stiefel jacke kleid hemd tasche handy farbe",
    "website": "webseite website seite app bestellvorgang konto login",
    "returns": "ruckgabe retoure erstattung ruckerstattung umtausch",
    "packaging": "verpackung verpackt karton schachtel",
    "taste": "geschmack schmeckt lecker kaffee essen kuchen",
}

BLOCKS = (*OTHER, *COMPLAINTS, *PRAISE)
