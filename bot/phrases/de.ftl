# Laut lesen: warm, kurz, ehrlich. Kundinnen und Kunden werden gesiezt.
# { $item } ist der Name einer Ware von unbekanntem Geschlecht und unbekannter Zahl: er steht in „“, und kein Wort richtet sich nach ihm.

person = Mit jemandem reden
contact = Sie erreichen uns auch hier: { $contact }

# die Frage
ask = { $name ->
    [none] Hallo! Wie zufrieden sind Sie mit „{ $item }“?
   *[other] Hallo { $name }, wie zufrieden sind Sie mit „{ $item }“?
} Ihre Antwort entscheidet mit, was wir als Nächstes verbessern. Ein Klick genügt, und danke für Ihre Zeit.
ask-order = { $name ->
    [none] Hallo! Wie ist es mit Ihrer Bestellung { $order } gelaufen?
   *[other] Hallo { $name }, wie ist es mit Ihrer Bestellung { $order } gelaufen?
} Ihre Antwort entscheidet mit, was wir als Nächstes verbessern. Ein Klick genügt, und danke für Ihre Zeit.
reminder = { $name ->
    [none] Hallo noch einmal!
   *[other] Hallo { $name }, ich bin es noch einmal.
} Ein Klick zu „{ $item }“ würde uns sehr helfen. Ein drittes Mal frage ich nicht.
reminder-order = { $name ->
    [none] Hallo noch einmal!
   *[other] Hallo { $name }, ich bin es noch einmal.
} Ein Klick zu Ihrer Bestellung { $order } würde uns sehr helfen. Ein drittes Mal frage ich nicht.
rate-1 = 😡 1
rate-2 = 🙁 2
rate-3 = 😐 3
rate-4 = 🙂 4
rate-5 = 😍 5

# Antworten
thanks-5 = { $name ->
    [none] Danke!
   *[other] Danke, { $name }!
} Schön zu hören. Wenn sich etwas ändert, schreiben Sie mir einfach.
thanks-4 = Danke, schön, dass es für Sie passt. Gibt es etwas, das wir besser machen können? Schreiben Sie es einfach, ich gebe es weiter.
missing = Danke für Ihre Offenheit. Was hat gefehlt?
noted = Danke. Das geht an die Menschen, die etwas daran ändern können.
thanks-words = Danke, dass Sie uns das sagen. Es hilft uns zu wissen, was gut läuft.
thanks-neutral = Danke. Ich habe das für das Team notiert.
welcome-back = Gern. Wenn etwas ist, bin ich da.
greeting = { $name ->
    [none] Hallo! Was kann ich für Sie tun?
   *[other] Hallo { $name }! Was kann ich für Sie tun?
} Schreiben Sie mir in Ihren eigenen Worten, oder fragen Sie nach einem Menschen.

# wenn es nicht klar ist
clear = { $item ->
    [none] Ich möchte nichts falsch deuten. Ist mit Ihrem Einkauf alles in Ordnung?
   *[other] Ich möchte nichts falsch deuten. Ist mit „{ $item }“ alles in Ordnung?
}
clear-yes = Ja, alles gut
clear-so = Geht so
clear-no = Nein
clear-question = Das beantwortet besser ein Mensch. Soll ich jemanden für Sie holen?
clear-thanks = Gut zu hören, danke.
got-file = Danke, das ist angekommen. Ist alles in Ordnung?

# ein Mensch kommt dazu
case-unhappy = Das tut mir leid. So soll es nicht sein. Ich hole jemanden aus unserem Team, um das in Ordnung zu bringen.
case-unclear = Bevor ich rate, soll das lieber ein Mensch lesen. Die Antwort bekommen Sie hier.
case-high-value = { $name ->
    [none] Danke.
   *[other] Danke, { $name }.
} Ich gebe das weiter: Jemand aus unserem Team liest es und antwortet Ihnen hier.
case-asked = Natürlich. Ich hole jemanden aus unserem Team.
case-alarm = Danke, dass Sie mir das sagen. Ein Mensch sieht sich das als Erstes an. Wenn jemand verletzt oder in Gefahr ist, wählen Sie bitte sofort den Notruf.
case-bereavement = Mein aufrichtiges Beileid. Ein Mensch liest das und schreibt Ihnen selbst. Nehmen Sie sich alle Zeit, die Sie brauchen.
case-legal = Danke, dass Sie das so klar sagen. Das geht zuerst an einen Menschen, der entscheiden kann.
promise-minutes = { $minutes ->
    [one] Meist hören Sie innerhalb einer Minute von uns.
   *[other] Meist hören Sie innerhalb von { $minutes } Minuten von uns.
}
promise-hours = { $hours ->
    [one] Meist hören Sie innerhalb einer Stunde von uns.
   *[other] Meist hören Sie innerhalb von { $hours } Stunden von uns.
}
promise-later = Ein Mensch antwortet Ihnen hier { $day } ab { $time } Uhr.
promise-broken = Es dauert länger, als ich gesagt habe. Das tut mir leid. Sie sind nicht vergessen: Ein Mensch schreibt Ihnen hier.
today = heute
tomorrow = morgen
day-0 = am Montag
day-1 = am Dienstag
day-2 = am Mittwoch
day-3 = am Donnerstag
day-4 = am Freitag
day-5 = am Samstag
day-6 = am Sonntag
day-far = am { $date }
coming-toast = Jemand aus unserem Team kommt dazu.
amended = Eine Berichtigung zu dem, was ich geschrieben habe: { $words }
handed-back = { $agent } kann hier nicht weitermachen. Jemand anderes aus dem Team übernimmt, und Sie müssen nichts wiederholen.
resolved = { $agent ->
    [none] Danke, dass wir das in Ordnung bringen durften.
   *[other] { $agent } dankt Ihnen, dass wir das in Ordnung bringen durften.
} Wenn noch etwas offen ist, schreiben Sie einfach hier.
follow-up = { $name ->
    [none] Hallo!
   *[other] Hallo { $name }!
} { $agent ->
    [none] Neulich haben wir uns geschrieben.
   *[other] Neulich haben Sie mit { $agent } gesprochen.
} Ist jetzt wieder alles gut?
well-yes = Ja, alles gut
well-no = Nein, noch nicht
well-thanks = Schön zu hören. Danke, dass Sie Bescheid geben.
well-sorry = { $agent ->
    [none] Das tut mir leid. Ich hole noch einmal jemanden aus unserem Team.
   *[other] Das tut mir leid. Ich hole { $agent } noch einmal dazu.
}

# ein Geschenk von einem Menschen
gift = { $agent ->
    [none] Ein Geschenk von { $shop }
   *[other] Ein Geschenk von { $agent } und { $shop }
}: ein Gutschein über { $money }. Hier ist Ihr Code:
gift-free = Er gilt einmal, bis { $date }. Ganz ohne Bedingungen: Es wird nichts dafür erwartet.

# Links
welcome-linked = { $name ->
    [none] Hallo, schön, dass Sie da sind!
   *[other] Hallo { $name }, schön, dass Sie da sind!
} Ich bin der Bot von { $shop }. Ich frage Sie, wie es gelaufen ist, je Einkauf höchstens zweimal, und Sie können mir jederzeit schreiben. /stop beendet das, /privacy sagt, was wir speichern.
welcome-again = { $name ->
    [none] Hallo noch einmal!
   *[other] Hallo noch einmal, { $name }!
} Sie sind schon verbunden. Schreiben Sie mir, wann immer Sie möchten.
welcome-stranger = Hallo! Ich bin der Bot von { $shop }. Ich frage, wie ein Einkauf gelaufen ist, und hole einen Menschen dazu, wann immer Sie möchten. Damit ich Ihre Bestellung kenne, öffnen Sie den Link auf Ihrer Bestellseite oder senden mir deren Code: start CODE. Oder schreiben Sie einfach, was Sie auf dem Herzen haben.
link-spent = Dieser Link wurde schon benutzt. Wenn Sie das waren, ist alles gut: Schreiben Sie einfach. Wenn nicht, kann ein Mensch Ihre Bestellung zuordnen.
link-expired = Dieser Link ist inzwischen zu alt. Das macht nichts: Schreiben Sie mir hier, und ein Mensch kann Ihre Bestellung zuordnen.
link-unknown = Diesen Link kenne ich nicht. Das macht nichts: Schreiben Sie mir hier, und ein Mensch kann Ihre Bestellung zuordnen.
button-old = Dieser Knopf gehört zu einem früheren Gespräch. Schreiben Sie einfach, was Sie brauchen, oder fragen Sie nach einem Menschen.

# eigene Daten
stopped = Erledigt. Ich frage Sie nicht mehr nach Ihren Einkäufen. Schreiben können Sie hier weiterhin, wann immer Sie möchten, und /resume schaltet meine Fragen wieder ein.
stopped-already = Ich frage Sie schon nicht mehr. Schreiben können Sie hier weiterhin, wann immer Sie möchten.
resumed = Schön, dass Sie wieder dabei sind. Bei neuen Bestellungen frage ich ab jetzt wieder, wie es gelaufen ist. /stop beendet das.
resumed-already = Meine Fragen sind schon eingeschaltet. Nach Ihrem nächsten Einkauf frage ich, wie es gelaufen ist. /stop beendet das.
help = Ich bin der Bot von { $shop }. Ich frage, wie ein Einkauf gelaufen ist, und hole Menschen dazu, die helfen können. Schreiben Sie jederzeit in Ihren eigenen Worten. /human holt einen Menschen, /preferences zeigt, worüber ich schreibe, /stop beendet meine Fragen, /mydata zeigt, was wir speichern, /forget löscht alles.

privacy = { $shop } speichert Ihren Namen, Ihre Kontaktdaten, Ihre Bestellungen, was Sie und wir hier schreiben und, nur mit Ihrem Einverständnis, kleine Dinge, die wir uns merken, um nachzufragen und Dinge in Ordnung zu bringen. Nichts davon wird verkauft, und niemand sonst liest es. /mydata zeigt es, /stop beendet meine Fragen, /forget löscht alles.
forget = Das löscht Ihren Namen, Ihre Kontaktdaten, die Einzelheiten Ihrer Bestellungen und alles, was Sie und wir geschrieben haben: { $orders ->
    [0] dieses ganze Gespräch.
    [one] eine Bestellung und dieses ganze Gespräch.
   *[other] { $orders } Bestellungen und dieses ganze Gespräch.
} Es lässt sich nicht rückgängig machen.
forget-yes = Ja, alles löschen
forget-no = Nein, behalten
forget-kept = Es wurde nichts gelöscht.
farewell = Alles ist gelöscht. Ich schreibe Ihnen nicht mehr. Alles Gute für Sie.
mydata-head = Das speichert { $shop } über Sie:
mydata-name = Name: { $name }
mydata-email = E-Mail: { $email }
mydata-phone = Telefon: { $phone }
mydata-places = Bekannt als: { $places }
mydata-orders = { $orders ->
    [0] Bestellungen: keine
    [one] Bestellungen: eine
   *[other] Bestellungen: { $orders }
}
mydata-lines = { $lines ->
    [one] Zeilen im Gespräch: eine
   *[other] Zeilen im Gespräch: { $lines }
}
mydata-facts = Mit Ihrem Einverständnis gemerkt: { $words }
mydata-facts-held = Wartet auf Ihr Ja: { $words }
mydata-questions = { $on ->
    [yes] Meine Fragen: an (/stop beendet sie)
   *[no] Meine Fragen: aus (/resume schaltet sie ein)
}
mydata-end = /forget löscht alles. Die ganze Datei kann Ihnen ein Mensch schicken.

# der Team-Chat, für die Leute des Geschäfts
desk-claim = Übernehmen
desk-resolve = Abschließen
desk-handback = Zurückgeben
desk-claimed = { $agent } hat diesen Fall. Was { $agent } hier schreibt, geht an die Kundschaft; was alle anderen schreiben, bleibt intern.
desk-resolved = { $agent } hat diesen Fall abgeschlossen.
desk-handed-back = { $agent } hat den Fall zurückgegeben. Er wartet darauf, dass ihn jemand übernimmt.
desk-reopened = { $agent ->
    [none] Rückmeldung: Es ist noch nicht alles gut. Der Fall ist wieder offen.
   *[other] { $agent }, die Rückmeldung ist: Es ist noch nicht alles gut. Der Fall liegt wieder bei Ihnen.
}
desk-taken = { $agent } hat diesen Fall schon.
desk-yours = Diesen Fall haben Sie schon.
desk-not-yours = { $agent } hat diesen Fall. Fragen Sie { $agent } oder die Leitung.
desk-unlisted = { $who } steht noch nicht auf der Liste des Teams. Wer den Bot betreibt, ergänzt sie mit: afterword agents add { $identity }
desk-no-case = Hier ist kein Fall offen. Ihre Worte bleiben intern.
desk-closed = Dieser Fall ist abgeschlossen. „Übernehmen“ (/claim) öffnet ihn wieder.
desk-other-open = Dieser Fall ist gelöst, und es gibt einen neueren, offenen. Übernehmen Sie diesen.
desk-claim-first = Ihre Worte bleiben intern, bis Sie den Fall übernehmen.
desk-unknown = „{ $command }“ kenne ich nicht, also bleibt es intern. Ich kenne: /claim, /resolve, /handback, /note, /unsend, /gift, /card, /upgrade, /mood, /topic, /remember, /unremember, /open, /who, /away, /back.
desk-note-empty = Die Notiz gehört hinter den Befehl: /note zweiter Reißverschluss aus dieser Lieferung.
desk-noted = Notiert, intern.
desk-mood = Danke, { $agent }. Intern notiert: „{ $words }“ heißt { $mood }.
desk-mood-words = Hinter /mood gehört ein Wort: unhappy (unzufrieden), fine (in Ordnung) oder happy (zufrieden). Zum Beispiel: /mood fine
desk-mood-nothing = Hier steht noch keine Nachricht mit Worten, deren Stimmung sich berichtigen ließe.
mood-negative = unzufrieden
mood-neutral = in Ordnung
mood-positive = zufrieden
desk-failed = Das konnte nicht zugestellt werden: { $why }
desk-unreachable = Im Chat nicht erreichbar: { $why }
desk-amend = Berichtigung senden
desk-amend-offer = Ihre Änderung bleibt intern: Der Kunde liest noch die erste Fassung.
desk-amend-sent = Ist unterwegs.
desk-amend-again = Es gibt nichts mehr zu senden: Der Kunde bekommt schon die neueste Fassung.
desk-amend-other = Nur { $agent } kann das senden, solange der Fall bei dieser Person liegt.
desk-amended = Der Kunde liest jetzt Ihre berichtigten Worte.
desk-amended-anew = Als neue Nachricht gesendet, die sagt, dass sie eine Berichtigung ist ({ $why }).
desk-somebody = die Person, die es geschrieben hat,
desk-unsend = Zurücknehmen
desk-unsend-sent = Wird zurückgenommen.
desk-unsend-reply = Antworten Sie mit /unsend auf Ihre eigene Nachricht, um sie zurückzunehmen.
desk-unsend-unknown = Diese Nachricht ging nie an den Kunden, es gibt also nichts zurückzunehmen.
desk-unsend-gift = Ein Geschenk bleibt geschenkt, also wurde nichts zurückgenommen. Worte von davor lassen sich in der Konsole zurücknehmen.
desk-unsend-other = Nur { $agent } oder eine Leitung kann das zurücknehmen.
desk-unsend-again = Das ist schon zurückgenommen.
desk-unsend-thing = was Sie gesendet haben
desk-unsending = { $agent } nimmt zurück: „{ $words }“
desk-unsent = Zurückgenommen: Der Kunde hat „{ $words }“ nicht mehr. Das Protokoll behält es.
desk-unsend-failed = „{ $words }“ konnte nicht zurückgenommen werden: { $why }.
desk-partly = Zugestellt, aber nicht alles: { $why }
desk-waits = Das wartet und geht von selbst hinaus, sobald es kann: { $why }
desk-blocked = Nicht zugestellt. Der Kunde ist nicht erreichbar: Er hat uns blockiert, und nur er kann das ändern.
desk-unreached = Nicht zugestellt. Der Kunde ist nicht erreichbar: { $why }
desk-reachable = Im Chat wieder erreichbar.
desk-left = Auf Wunsch der Kundin oder des Kunden sind alle Daten gelöscht. Dieser Fall ist geschlossen.
desk-console = Konsole
desk-said = { $agent } ({ $desk }) an den Kunden:
desk-inside = { $agent } ({ $desk }), intern:
desk-note = { $agent } ({ $desk }), eine Notiz:
desk-changed = { $agent } ({ $desk }) hat eine Nachricht geändert, intern:
desk-amending = { $agent } berichtigt, was der Kunde liest: { $words }
desk-opened = Dieser Fall hat einen neuen Faden auf { $desk }. Er beginnt mit der Karte und dem bisher Gesagten.
desk-lost = { $desk } geht gerade nicht: { $why }. Dieser Fall geht hier weiter: { $places }. Was für { $desk } bestimmt ist, wartet und kommt dort von selbst an.
desk-back = { $desk } geht wieder. Was darauf wartete, steht jetzt dort.
desk-history = Bisher gesagt, in Kürze (🔒 = blieb intern):
desk-astray = Dieser Fall geht in einem anderen Faden weiter. Was Sie hier schreiben, zählt trotzdem.
desk-edited = { $name } hat die Nachricht geändert: { $words }
desk-who = { $name }, Kundennummer { $customer }. { $value } Bekannt als: { $places }.
desk-who-stopped = Möchte nicht nach Einkäufen gefragt werden.
desk-gift = { $agent } hat { $money } geschenkt: Code { $code }, gültig bis { $date }.
desk-gift-left = Für diesen Monat bleiben Ihnen { $left } von { $budget }.
desk-gift-how = Es wurde nichts gesendet. Erst der Betrag, dann Ihre Worte: /gift 20 der Reißverschluss tut uns leid. Auf einmal gehen bis zu { $money }.
desk-gift-currency = Es wurde nichts gesendet: Geschenke sind in { $currency }, nicht in { $other }. Schreiben Sie nur den Betrag: /gift 20 der Reißverschluss tut uns leid.
desk-gift-largest = Es wurde nichts gesendet: { $money } ist mehr, als ein Geschenk sein darf. Auf einmal gehen bis zu { $largest }.
desk-gift-over = Es wurde nichts gesendet: { $money } ist mehr, als Ihnen bleibt. Ihr nächstes Budget beginnt am { $date }.
desk-gift-empty = Es wurde nichts gesendet: Im Vorrat ist kein Code über { $money }. { $amounts ->
    [none] Er ist leer.
   *[other] Es gibt Codes über: { $amounts }.
} Neue kommen hinein mit: „{ $command }“.
desk-gift-unreachable = Es wurde nichts verschenkt: im Chat nicht erreichbar ({ $why }).
desk-gift-claim = Es wurde nichts verschenkt: Schenken kann nur, wer den Fall hat. Übernehmen Sie ihn zuerst.
desk-gift-not-yours = Es wurde nichts verschenkt: { $agent } hat diesen Fall, und nur { $agent } kann hier schenken.
desk-gift-closed = Es wurde nichts verschenkt: Dieser Fall ist abgeschlossen. „Übernehmen“ (/claim) öffnet ihn wieder, danach geht es.
desk-gift-no-case = Es wurde nichts verschenkt: Hier ist kein Fall. Schreiben Sie es dorthin, wo Sie einen Fall haben.
desk-gift-off = Es wurde nichts verschenkt: Geschenke sind hier ausgeschaltet (gifts.monthly_budget ist 0).
desk-gift-failed = Das Geschenk über { $money } kam nicht an: { $why }. Es zählt nicht zu Ihrem Budget, und der Code geht an niemand anderen.
desk-gift-unsure = Es ist nicht sicher, ob das Geschenk über { $money } ankam: { $why }. Der Code gilt; fragen Sie nach, bevor Sie ein weiteres schenken.
desk-card = { $agent } bittet das Büro um eine Karte: „{ $words }“. Aufgabe { $number }.
desk-upgrade = { $agent } bittet das Büro um eine Aufwertung: „{ $words }“. Aufgabe { $number }.
desk-card-how = Es wurde um nichts gebeten. Schreiben Sie, was auf der Karte stehen soll: /card viel Freude mit den neuen Stiefeln, von uns allen
desk-upgrade-how = Es wurde um nichts gebeten. Schreiben Sie, was aufgewertet werden soll: /upgrade Expressversand für den Ersatz
gesture-coupon = Gutschein über { $money }
gesture-card = Karte
gesture-card-open = Karte, noch zu tun
gesture-upgrade = Aufwertung
gesture-upgrade-open = Aufwertung, noch zu tun
card-top = Top { $share } %: Platz { $rank } von { $of }, { $money } mit { $orders ->
    [one] einer Bestellung
   *[other] { $orders } Bestellungen
}.
card-value = Platz { $rank } von { $of }, { $money } mit { $orders ->
    [one] einer Bestellung
   *[other] { $orders } Bestellungen
}.
card-new = Keine Einkäufe, von denen wir wissen.
card-case = Fall { $number }
card-state-open = offen, noch bei niemandem
card-state-reopened = wieder offen, noch bei niemandem
card-state-claimed = { $agent ->
    [none] übernommen
   *[other] liegt bei { $agent }
}
card-state-resolved = { $agent ->
    [none] gelöst
   *[other] gelöst von { $agent }
}
card-label-order = Bestellung
card-label-mood = Stimmung
card-label-remembered = Gemerkt
card-label-given = Geschenkt
card-label-earlier = Früher
card-customer = Kundennummer { $number }
card-web = Webchat
card-cases = { $others ->
    [0] kein früherer Fall
    [one] ein früherer Fall
   *[other] { $others } frühere Fälle
}
card-clock = dort ist es { $time }, wenn es hier { $since } ist
card-clock-same = dort ist es so spät wie hier
card-well = wieder alles gut
card-not-well = nicht wieder gut
card-unanswered = keine Antwort, ob alles gut ist
card-refunded = erstattet am { $date }
card-cancelled = storniert am { $date }
card-delivered = geliefert am { $date }
card-paid = bezahlt am { $date }
card-unreachable = ⛔ { $why ->
    [none] Nicht zu erreichen: Kein Chat ist bekannt.
   *[other] Nicht zu erreichen: { $why }
}
author-customer = Kunde
author-bot = Bot
author-agent = Team
mood-mixed = zwiespältig
mood-unknown = unklar
customer-nameless = Kundennummer { $number }

# wer zuerst, wer übernimmt, was versprochen ist
urgency-alarm = Alarm
urgency-angry = verärgert
urgency-unhappy = unzufrieden
urgency-asked = möchte einen Menschen
urgency-unclear = unklar
urgency-calm = ruhig
urgency-top = Spitzenkunde
urgency-answered = hat eine Antwort
urgency-new = gerade gekommen
urgency-waits = wartet { $wait }
urgency-before = { $words }: vor { $others ->
    [one] einem anderen
   *[other] { $others } anderen
}
card-reply = Antwort versprochen bis { $time }
card-late-reply = Antwort war versprochen bis { $time }
card-resolution = zu lösen bis { $time }
card-late-resolution = war zu lösen bis { $time }
offer-knows = angeboten: { $agent } (kennt diesen Kunden)
offer-language = angeboten: { $agent } (spricht { $tongue })
offer-skill = angeboten: { $agent } (kennt sich aus mit { $skill })
offer-next = angeboten: { $agent } (ist an der Reihe)
offer-all = für alle
offer-later = wird angeboten, sobald wir öffnen
offer-manager = { $agent ->
    [none] für alle, immer noch frei
   *[other] für alle, immer noch frei: { $agent }
}
desk-offer = { $agent }, dieser Fall wird Ihnen angeboten. Übernehmen können ihn alle.
desk-offer-all = Noch niemand hat den Fall übernommen. Er ist jetzt für alle da.
desk-offer-manager = { $agent ->
    [none] Noch immer hat niemand den Fall übernommen.
   *[other] { $agent }, noch immer hat niemand den Fall übernommen.
} { $name } wartet { $wait }.
desk-warning-first-reply = ⏳ { $agent ->
    [none] { $name } wartet
   *[other] { $agent }, { $name } wartet
} seit { $since } ({ $wait }) auf die erste Antwort, versprochen bis { $time }.
desk-warning-next-reply = ⏳ { $agent ->
    [none] { $name } wartet
   *[other] { $agent }, { $name } wartet
} seit { $since } ({ $wait }) auf eine Antwort, versprochen bis { $time }.
desk-warning-resolution = ⏳ { $agent ->
    [none] Der Fall von { $name } ist offen
   *[other] { $agent }, der Fall von { $name } ist offen
} seit { $since } ({ $wait }). Gelöst sein soll er bis { $time }.
desk-breach-first-reply = ⚠️ { $agent ->
    [none] { $name } wartet
   *[other] { $agent }, { $name } wartet
} seit { $since } ({ $wait }). Die erste Antwort war versprochen bis { $time }.
desk-breach-next-reply = ⚠️ { $agent ->
    [none] { $name } wartet
   *[other] { $agent }, { $name } wartet
} seit { $since } ({ $wait }). Eine Antwort war versprochen bis { $time }.
desk-breach-resolution = ⚠️ { $agent ->
    [none] Der Fall von { $name } ist offen
   *[other] { $agent }, der Fall von { $name } ist offen
} seit { $since } ({ $wait }). Gelöst sein sollte er bis { $time }.
desk-left-team = { $agent } gehört nicht mehr zum Team. Der Fall wartet darauf, dass ihn jemand übernimmt.
presence-head = Wer da ist:
presence-line = { $name }: { $state }, { $held ->
    [0] kein offener Fall
    [one] ein offener Fall
   *[other] { $held } offene Fälle
}
presence-here = da
presence-hours = außerhalb der Arbeitszeit
presence-silent = seit { $wait } nicht gesehen
presence-away = { $time ->
    [none] abwesend
   *[other] abwesend bis { $time }
}
presence-gone = { $time ->
    [none] { $agent } ist abwesend bis zu /back.
   *[other] { $agent } ist abwesend bis { $time } oder bis zu /back.
} Fälle gehen zuerst an andere.
presence-back = { $agent } ist wieder da.
presence-how = Hinter /away steht nichts, eine Uhrzeit oder eine Dauer. Zum Beispiel: /away until 14:00 oder /away 2h

# Gemerktes, mit Einverständnis
memory-ask = Dürfen wir uns kleine Dinge merken, die Sie uns erzählen, etwa eine Größe oder einen Namen, damit Sie nichts zweimal sagen müssen? Nur die Leute von { $shop } lesen es, und es verfällt von selbst. Mit /privacy können Sie es jederzeit beenden, /mydata zeigt es.
memory-yes = Ja, merken
memory-no = Nein, danke
memory-yes-thanks = Danke. Wir denken daran, und /privacy beendet es, wann immer Sie möchten.
memory-no-thanks = In Ordnung, wir merken uns nichts dergleichen.
memory-start = Sie dürfen sich merken
memory-stop = Nichts mehr merken
memory-none = Über diesen Kunden ist noch nichts gemerkt. Zum Beispiel: /remember Größe 41
memory-head = Gemerkt über { $name }:
memory-line = { $place }. { $words } ({ $agent }, bis { $date })
memory-line-held = { $place }. { $words } ({ $agent }, wartet auf das Ja des Kunden)
memory-off = Nichts gemerkt: Das Merken ist hier ausgeschaltet (memory.keep ist 0s).
memory-when = Nichts gemerkt. Bitte einen künftigen Tag angeben, dann die Worte: /remember until 2027-03-01 Größe 41
memory-long = Nichts gemerkt: bitte höchstens { $most } Zeichen.
memory-full = Nichts gemerkt: { $most } Dinge sind schon gemerkt. Eines davon nimmt /unremember 1 weg.
memory-refused = Nichts gemerkt: Der Kunde möchte das nicht.
memory-unreachable = Nichts gemerkt: Der Kunde muss erst einverstanden sein und ist nicht zu erreichen.
memory-held = Zurückgehalten: „{ $words }“. Der Kunde ist gefragt; ein Ja behält es, ein Nein verwirft es.
memory-kept = { $agent } merkt sich: „{ $words }“, bis { $date }.
memory-which = Bitte die Nummer hinter den Befehl schreiben: /unremember 1
memory-gone = Das ist nicht mehr gemerkt.
memory-dropped = { $agent } hat „{ $words }“ weggenommen. Es ist nicht mehr gemerkt.
memory-agreed-yes = Der Kunde ist einverstanden: Was zurückgehalten war, ist jetzt gemerkt.
memory-agreed-no = Der Kunde möchte das nicht: Alles Gemerkte ist weg, und nichts weiter wird gemerkt.
memory-unanswered = Der Kunde hat nie geantwortet, also ist „{ $words }“ verworfen.

# wie Worte gelesen wurden, berichtigt
desk-tap-neutral = 😊 Nicht unzufrieden
desk-tap-negative = 🙁 Doch unzufrieden
desk-tap-topic = 🏷 Thema…
desk-tap-done = Fertig
desk-mood-already = Das steht schon so da: { $mood }.
desk-topic = Danke, { $agent }. Intern notiert: „{ $words }“ { $topics ->
    [none] handelt von keinem der Themen.
   *[other] handelt von: { $topics }.
}
desk-topic-words = Hinter /topic gehört, worum es in den letzten Worten geht, oder - für kein Thema. Ich kenne: { $topics }. Zum Beispiel: /topic Lieferung
desk-topic-now = { $topics ->
    [none] Notiert: keines der Themen.
   *[other] Notiert: { $topics }.
}
topic-delivery = Lieferung
topic-quality = Qualität
topic-size = Größe
topic-price = Preis
topic-service = Service
topic-product = Produkt
topic-website = Website
topic-returns = Rückgabe
topic-packaging = Verpackung
topic-taste = Geschmack

# wie die Hilfe war
help-ask = { $agent ->
    [none] Und wie war die Hilfe?
   *[other] Und wie war die Hilfe von { $agent }?
} Ein Tippen, nur wenn Sie mögen.
help-good = 👍 Gut
help-fair = 👌 Geht so
help-poor = 👎 Nicht gut
help-thanks = Danke, das hilft uns.
help-sorry = Danke für Ihre Offenheit, und es tut mir leid. Wenn Sie darüber sprechen möchten: Ein Mensch ist ein Tippen entfernt.

# erste Sätze für die Leute am Desk
desk-openers = So könnten Sie beginnen (kopieren und ändern, wie Sie möchten):
open-hello = { $name ->
    [none] Guten Tag
   *[other] Guten Tag { $name }
}{ $agent ->
    [none] .
   *[other] , hier ist { $agent }.
}
open-loss = Es tut mir sehr leid, dass Sie jemanden verloren haben.
open-danger = Ich habe gelesen, was Sie geschrieben haben, und es geht allem anderen vor.
open-legal = Ich habe gelesen, was Sie geschrieben haben, und nehme es ernst.
open-serious = Ich habe gelesen, was Sie geschrieben haben, und nehme es ernst.
open-again = { $item ->
    [none] Ich sehe, dass es noch nicht in Ordnung ist. Es tut mir leid, dass Sie es uns noch einmal erzählen müssen.
   *[other] Ich sehe, dass es mit „{ $item }“ noch nicht in Ordnung ist. Es tut mir leid, dass Sie es uns noch einmal erzählen müssen.
}
open-sorry-delivery = Es tut mir leid, dass es Ärger mit der Lieferung gab.
open-sorry-quality = Es tut mir leid, dass die Qualität nicht so ist, wie sie sein sollte.
open-sorry-size = Es tut mir leid, dass die Größe nicht passt.
open-sorry-price = Es tut mir leid, dass sich der Preis nicht richtig anfühlt.
open-sorry-service = Es tut mir leid, wie wir mit Ihnen umgegangen sind.
open-sorry-website = Es tut mir leid, dass es Ärger mit unserer Website gab.
open-sorry-returns = Es tut mir leid, dass es Ärger mit der Rückgabe gab.
open-sorry-packaging = Es tut mir leid um die Verpackung.
open-sorry-taste = Es tut mir leid, dass es nicht so schmeckt, wie Sie gehofft haben.
open-sorry-product = Es tut mir leid, dass es nicht so ist, wie es sein sollte.
open-sorry-words = { $item ->
    [none] Ich habe gelesen, was Sie geschrieben haben, und es tut mir leid.
   *[other] Ich habe gelesen, was Sie zu „{ $item }“ geschrieben haben, und es tut mir leid.
}
open-sorry-rating = { $item ->
    [none] Ich habe Ihre Bewertung gesehen, und es tut mir leid.
   *[other] Ich habe Ihre Bewertung zu „{ $item }“ gesehen, und es tut mir leid.
}
open-sorry = Es tut mir leid, dass Sie nicht zufrieden sind.
open-asked = Sie wollten mit einem Menschen sprechen, und hier bin ich.
open-read = { $item ->
    [none] Ich habe gelesen, was Sie geschrieben haben.
   *[other] Ich habe gelesen, was Sie zu „{ $item }“ geschrieben haben.
}
open-thanks = { $item ->
    [none] Danke für Ihre Antwort.
   *[other] Danke für Ihre Antwort zu „{ $item }“.
}
open-waited = Es tut mir leid, dass Sie auf diese Antwort warten mussten.
open-ask-loss = Können wir Ihnen etwas abnehmen? Es eilt nicht.
open-ask-safe = Geht es Ihnen jetzt gut?
open-ask-help = Wie kann ich helfen?
open-ask-right = Was würde es für Sie in Ordnung bringen?
open-ask-better = Gibt es etwas, das wir besser machen könnten?
open-ask-delivery = Ist inzwischen etwas angekommen, und wohin soll es gehen?
open-ask-quality = Könnten Sie mir ein Foto davon schicken?
open-ask-size = Welche Größe würde passen?
open-ask-price = Was wäre in Ihren Augen gerecht?
open-ask-website = Wo ging es nicht weiter, und mit welchem Gerät?
open-ask-returns = Haben Sie es schon zurückgeschickt, und wann?
open-ask-packaging = Hat der Inhalt Schaden genommen?

# das Team unter sich
staff-help = Ich kenne Sie aus dem Team von { $shop }. Hier beantworte ich /summary (today, 7d, 30d, 90d), /digest (daily, weekly, off) und /queue. /away und /back sagen, ob Sie da sind, und /login bringt Sie in die Konsole.
staff-agent-help = Ich kenne Sie aus dem Team von { $shop }. Hier beantworte ich /queue. /away und /back sagen, ob Sie da sind, und /login bringt Sie in die Konsole. Fälle kommen in den Team-Chat.
staff-period = Ich kenne diese Zeiträume: today, 7d, 30d, 90d. Zum Beispiel: /summary 7d
staff-login = Ihr Weg in die Konsole, einmal gültig, in den nächsten zehn Minuten: { $link }

# Zusammenfassung
summary-head = { $shop }, { $period }
summary-period-today = heute
summary-period-7d = die letzten 7 Tage
summary-period-30d = die letzten 30 Tage
summary-period-90d = die letzten 90 Tage
summary-asks = Angekommene Fragen: { $asks }, beantwortet: { $rate }. Kunden, die geantwortet haben: { $answered } von { $asked }.
summary-rating = Bewertung im Schnitt: { $rating }. Zufrieden (4 oder 5): { $csat }.
summary-unhappy = Unzufrieden: { $unhappy }, { $share }. Stimmung von −1 bis 1: { $mood }.
summary-cases = Fälle: { $opened } geöffnet, { $resolved } abgeschlossen, { $open } jetzt offen.
summary-first = Erste Antwort durch einen Menschen, Median: { $time }.
summary-few = zu wenige für eine Aussage (n = { $n })
summary-of = { $value } (n = { $n })
summary-recovery = Unzufriedene, die ein Mensch zurückgewonnen hat: { $rate }.
summary-period-days = { $since } bis { $until }
summary-of-before = { $value } (n = { $n }; davor { $before })
chart-answers = Antworten: { $answers }. Unzufrieden: { $unhappy }.
chart-ratings = Bewertungen: { $rated }
chart-unhappy = unzufrieden
chart-others = die anderen

# digests and alerts
digest-daily = Sie bekommen jeden Tag um { $time } einen Überblick ({ $zone }). /digest off beendet ihn.
digest-weekly = Sie bekommen jede Woche { $day } um { $time } einen Überblick ({ $zone }). /digest off beendet ihn.
digest-off = Keine Überblicke mehr. /digest daily oder /digest weekly bringt sie zurück.
digest-none = Sie bekommen noch keinen Überblick. /digest daily oder /digest weekly 8:00 startet ihn.
digest-how = Ich kenne /digest daily, /digest weekly und /digest off, gern mit Uhrzeit und Zeitzone. Zum Beispiel: /digest daily 8:00 Europe/Berlin
digest-changed = Was sich deutlich geändert hat:
digest-change = { $what }: { $now } (davor { $before })
digest-unchanged = Nichts hat sich deutlich geändert.
digest-topic = Unzufriedene Nachrichten über { $name }
digest-needs = Was Sie braucht: Fälle, die niemand übernommen hat: { $waiting }. Nicht gehaltene Zusagen: { $late }. /queue zeigt, wer wartet.
digest-all-well = Nichts wartet auf Sie: Jeder Fall hat jemanden, und jede Zusage wurde gehalten.
digest-themes = Mehr Kunden sprechen über: { $words }
digest-voices = In ihren Worten:
digest-quote = „{ $words }“
figure-recovery = Zurückgewonnen
figure-csat = Zufrieden
figure-unhappy_share = Unzufrieden
figure-response_rate = Antwortquote
alert-unhappy = { $shop }: mehr unzufriedene Antworten als sonst. { $hits } von { $of } in den letzten 24 Stunden ({ $share }); sonst { $usual }. /summary today zeigt mehr.
alert-topic = { $shop }: mehr Beschwerden über { $name } als sonst. { $hits } von { $of } Nachrichten in den letzten 24 Stunden ({ $share }); sonst { $usual }.
alert-late = { $shop }: nicht gehaltene Zusagen in den letzten 24 Stunden: { $hits }. /queue zeigt, wer wartet.
alert-product = { $shop }: mehr unzufriedene Antworten zu { $name } als sonst. { $hits } von { $of } seit gestern ({ $share }); sonst { $usual }.
alert-about-delivery = die Lieferung
alert-about-packaging = die Verpackung
alert-about-price = den Preis
alert-about-product = das Produkt
alert-about-quality = die Qualität
alert-about-returns = Rücksendungen
alert-about-service = den Service
alert-about-size = die Größe
alert-about-taste = den Geschmack
alert-about-website = die Website

# eine Nachricht an alle, die es angeht, von unter einem Alarm aus
seize-button = Den Betroffenen schreiben
seize-write = Eine Nachricht an { $whom }. Schreiben Sie sie hier so, wie Sie es sagen würden; { $first } und { $thing } stehen für den Namen und das Gekaufte. Sie sehen sie, und wen sie erreicht, bevor etwas hinausgeht.
seize-ready = Fertige Worte nehmen
seize-drop = Lassen
seize-dropped = Gut. Es geht nichts hinaus. Der Knopf unter dem Alarm gilt einen Tag lang.
seize-over = Dieser Alarm ist mehr als einen Tag alt: Der Augenblick ist vorbei. `afterword campaigns send FILE` schreibt jederzeit, wem Sie wollen.
seize-already = { $who } hat darauf schon geantwortet. Eine Nachricht genügt.
seize-newer = Sie haben inzwischen etwas Neueres geschrieben oder gewählt. Es gelten die Knöpfe unter der letzten Vorschau.
seize-wrong = So kann das nicht hinaus: höchstens { $most } Zeichen, und in geschweiften Klammern nur { $places }.
seize-send = Senden
seize-to-told = An alle, die es uns gesagt haben
seize-to-bought = An alle, die zuletzt gekauft haben
seize-offer = Sie bietet auch etwas an
seize-help = Sie hilft nur
seize-told-unhappy = alle, die in den letzten zwei Tagen unzufrieden waren
seize-told-topic = alle, die sich in den letzten zwei Tagen über { $about } beschwert haben
seize-told-product = alle, die in den letzten zwei Tagen mit { $about } unzufrieden waren
seize-bought-any = alle, die in den letzten sieben Tagen gekauft haben
seize-bought-product = alle, die in den letzten 30 Tagen { $about } gekauft haben
seize-preview =
    An { $whom }:

    „{ $words }“
seize-now = Sofort: { $number }.
seize-later = Später: { $number } ({ $why }).
seize-never = Nicht: { $number } ({ $why }).
seize-helps = Sie geht einmal hinaus, innerhalb aller Grenzen. Sie antwortet auf das, was gekauft oder gesagt wurde, und braucht deshalb keine Zustimmung zu Tipps und Neuigkeiten; wer keine wollte, bekommt sie nicht.
seize-offers = Sie geht einmal hinaus, innerhalb aller Grenzen, und nur an alle, die Tipps und Neuigkeiten zugestimmt haben.
seize-sent = Sie ist unterwegs. Die Seite „Program“ der Konsole zeigt, wie es läuft; `afterword campaigns stop { $campaign }` hält sie an.
seize-told = { $who } schickt eine Nachricht an { $whom }: „{ $words }“
seize-words-unhappy = Guten Tag { $name }, dieser Tage läuft bei uns nicht alles so, wie es sollte. Das tut uns leid. Bei { $shop } arbeiten Menschen daran; schreiben Sie hier, wenn bei Ihnen etwas nicht stimmt.
seize-words-topic = Guten Tag { $name }, mehrere Menschen haben uns dieser Tage von Ärger erzählt (Thema: { $about }). Das tut uns leid. Bei { $shop } arbeiten Menschen daran; schreiben Sie hier, wenn bei Ihnen etwas nicht stimmt.
seize-words-product = Guten Tag { $name }, mehrere Menschen haben uns dieser Tage von Ärger erzählt ({ $about }). Das tut uns leid. Bei { $shop } arbeiten Menschen daran; schreiben Sie hier, wenn bei Ihnen etwas nicht stimmt.
seize-why-opted-out = wollen keine Nachrichten
seize-why-wants-none = wollen keine Tipps und Neuigkeiten
seize-why-not-agreed = haben Tipps und Neuigkeiten nie zugestimmt
seize-why-level = bei ihnen geht das Programm weniger weit
seize-why-case = ein Mensch kümmert sich gerade
seize-why-after-case = kurz nach einem Fall
seize-why-lately = haben zuletzt schon von uns gehört
seize-why-quiet = bei ihnen ist Nacht
seize-why-holiday = bei ihnen ist Feiertag
seize-why-no-channel = kein Weg zu ihnen
seize-why-refunded = erstattet oder storniert
seize-why-care = werden nach schweren oder zornigen Worten in Ruhe gelassen

# the queue
queue-head = { $count ->
    [0] Niemand wartet.
    [one] Ein offener Fall:
   *[other] { $count } offene Fälle, die dringendsten zuerst:
}
queue-line = { $name }: { $reasons } · { $owner ->
    [none] noch frei
   *[other] { $owner }
} · { $urgency }
time-s = { $n } s
time-m = { $n } min
time-h = { $n } h
time-d = { $n ->
    [one] 1 Tag
   *[other] { $n } Tage
}

# was eine Beziehung mit sich bringt: Dank, Nachrichten, was jemand hören möchte
welcome-basic = { $name ->
    [none] Hallo, schön, dass Sie da sind!
   *[other] Hallo { $name }, schön, dass Sie da sind!
} Ich bin der Bot von { $shop }. Schreiben Sie mir, wann immer Sie etwas brauchen; ein Mensch ist nie weit. /stop beendet das, /privacy sagt, was wir speichern.
welcome-reactive = { $name ->
    [none] Hallo, schön, dass Sie da sind!
   *[other] Hallo { $name }, schön, dass Sie da sind!
} Ich bin der Bot von { $shop }. Sagen Sie mir jederzeit, wie es läuft, gut oder schlecht: Es wird gelesen und beantwortet. /stop beendet das, /privacy sagt, was wir speichern.
ask-thanks = Als Dank bekommen Sie einen Gutschein über { $money }, was immer Sie antworten.
review-link = Wenn Sie anderen erzählen möchten, wie es war: Hier ist der Ort dafür, was auch immer Sie zu sagen haben: { $link }
reward-answer = { $name ->
    [none] Danke für Ihre Antwort.
   *[other] Danke für Ihre Antwort, { $name }.
} Wie versprochen, was immer Sie gesagt haben: ein Gutschein über { $money }. Hier ist Ihr Code:
reward-purchase = { $name ->
    [none] Das war Ihr Einkauf Nummer { $number } bei uns. Danke, dass Sie wiederkommen!
   *[other] { $name }, das war Ihr Einkauf Nummer { $number } bei uns. Danke, dass Sie wiederkommen!
} Hier ist ein Gutschein über { $money }. Ihr Code:
reward-anniversary = { $name ->
    [none] An diesem Tag haben Sie zum ersten Mal bei { $shop } gekauft.
   *[other] { $name }, an diesem Tag haben Sie zum ersten Mal bei { $shop } gekauft.
} Danke für Ihre Treue. Hier ist ein Gutschein über { $money }. Ihr Code:
reward-ends = { $name ->
    [none] Eine kleine Erinnerung:
   *[other] { $name }, eine kleine Erinnerung:
} Ihr Gutschein über { $money } gilt bis { $date }. Wenn Sie ihn nicht brauchen, lassen Sie ihn einfach. Ihr Code:
invite = Noch eine Frage, und ein Nein ist in Ordnung: Darf ich Ihnen ab und zu mit Tipps zu Ihren Einkäufen und Neuem von { $shop } schreiben?
invite-yes = Ja, gern
invite-no = Nein, danke
outreach-partner = Das kommt von { $shop } zusammen mit { $partner }; das ist unser Partner und hat auch etwas davon.
useful-yes = 👍 Gut zu wissen
useful-no = 👎 Nichts für mich
useful-yes-thanks = Das freut mich. Wenn Sie dazu eine Frage haben, schreiben Sie einfach.
useful-no-thanks = Danke, das hilft. Ich schreibe weniger in dieser Art.
no-more = Bitte nichts mehr davon
preferences = Darüber schreibe ich Ihnen. Ein Tippen ändert es, und es gilt sofort.
preferences-tap = Meine Wahl
prefer-questions-on = Fragen zu Einkäufen: an. Ausschalten
prefer-questions-off = Fragen zu Einkäufen: aus. Einschalten
prefer-gifts-on = Geschenke und Gutscheine: an. Ausschalten
prefer-gifts-off = Geschenke und Gutscheine: aus. Einschalten
prefer-outreach-on = Tipps und Neues: an. Ausschalten
prefer-outreach-off = Tipps und Neues: aus. Einschalten
prefer-partners-on = Angebote mit Partnern: an. Ausschalten
prefer-partners-off = Angebote mit Partnern: aus. Einschalten
preferred-questions-on = Erledigt. Ich frage Sie wieder, wie ein Einkauf war.
preferred-questions-off = Erledigt. Ich frage Sie nicht mehr nach Ihren Einkäufen.
preferred-gifts-on = Erledigt. Wenn es ein Geschenk für Sie gibt, schicke ich es hierher.
preferred-gifts-off = Erledigt. Ich schicke Ihnen keine Geschenke oder Gutscheine mehr.
preferred-outreach-on = Danke! Ich schreibe ab und zu mit Tipps und Neuem, nie oft. /preferences ändert es jederzeit.
preferred-outreach-off = Erledigt. Keine Tipps und Neuigkeiten mehr von mir. /preferences zeigt alles andere.
preferred-partners-on = Erledigt. Ich erzähle Ihnen auch von Angeboten mit Partnern und sage immer, wer sie sind.
preferred-partners-off = Erledigt. Keine Angebote mit Partnern mehr.
staff-campaign-stopped = Die Kampagne „{ $campaign }“ ist gestoppt: { $why }. Es geht nichts mehr davon hinaus. `afterword campaigns report { $campaign }` zeigt die Zahlen, `afterword campaigns start { $campaign }` startet sie wieder.
