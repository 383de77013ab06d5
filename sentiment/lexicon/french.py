"""French: the common complaints, praise and intents of shop customers."""

from __future__ import annotations

from sentiment.lexicon.block import Block
from sentiment.verdict import Intent

_FR = "fr"
_ORDER = (Intent.WHERE_IS_ORDER,)

COMPLAINTS = (
    Block(
        _FR,
        -0.95,
        """arnaque, arnaques, arnaqueurs, escroc*, escroquerie, voleurs, plus jamais, jamais plus, a fuir, fuyez,
        honte, honteux, honteuse, scandaleu*, catastroph*, nul, nulle, nuls, nulles, merde, merdique, pourri*,
        poubelle, inadmissible*, inacceptable*, lamentable*, degueulasse*, degoutant*, foutage de gueule, se
        moque* du monde, argent jete, perte de temps, merci pour rien, n importe quoi, le pire, la pire,
        desastre, desastreux""",
    ),
    Block(
        _FR,
        -0.85,
        """decu, decue, decus, decues, decevant*, deception, mecontent*, insatisfait*, mauvais*, horrible*,
        affreux, affreuse, terrible*, pas (content|contente|satisfait|satisfaite|terrible|
        bon|bonne|bien|top|genial|ravi|ravie|heureux|heureuse), en colere, furieux, furieuse, enerve*, ras le
        bol, marre, mal, (je|n|ne) ~ recommande pas, recommande pas, aime pas, n aime ~ pas, deconseille, ne
        plait pas, me plait pas, inutile*, reclamation, plainte, me plaindre, regrette, mensonge*, menteurs,
        trompe*, pietre, mediocre*, deteste""",
    ),
    Block(
        _FR,
        -0.9,
        """casse, cassee, casses, cassees, brise*, abime*, endommage*, defectueu*, defaut, defauts, en panne,
        tombe en panne, (marche|marchent|fonctionne|fonctionnent|s allume|charge|tient) [vraiment] (pas|plus),
        ne [s] (marche|fonctionne|allume|charge) ~ (pas|plus), dechire*, raye*, fele*, fissure*, tache*,
        ecrase*, perime*, moisi*, incomplet*, manquant*, il manque, manque, vide, contrefacon, faux, mauvaise
        qualite, decoll*, use, fuit""",
        topic="quality",
    ),
    Block(
        _FR,
        -0.85,
        """mauvaise (taille|couleur|adresse|commande|reference), mauvais (article|produit|modele), pas la bonne
        (taille|couleur), pas le bon, pas ce que (j ai|je), erreur de (commande|taille| livraison), trompes
        de, pas conforme, non conforme""",
        topic="product",
    ),
    Block(
        _FR,
        -0.9,
        """jamais (recu|arrive|livre|livree|recue|arrivee), toujours (pas|rien|aucun*) [recu|arrive|livre], pas
        [encore] (recu|arrive|arrivee|livre|livree|recue), rien recu, toujours en attente, j attends
        (toujours|encore|depuis), attends (toujours|depuis|encore), attente depuis, ou (est|sont|en est)
        (ma|mon|mes|la) ~ (commande|colis|livraison|paquet|argent|chaussures|bottes), ou est (ma|mon), colis
        (perdu|egare), commande perdue""",
        intents=_ORDER,
        topic="delivery",
        firm=True,
    ),
    Block(
        _FR,
        -0.7,
        "en retard, retard, retards, trop long, trop longue, trop longtemps, tres long, lent, lente, delai trop",
        topic="delivery",
    ),
    Block(
        _FR,
        -0.6,
        """trop (petit|petite|petits|petites|grand|grande|grands|serre|serree|court|courte|large|etroit), taille
        (petit|grand), (ne|n) ~ va pas""",
        topic="size",
    ),
    Block(
        _FR,
        -0.7,
        "trop cher, trop chere, hors de prix, trop chers, debite deux fois, preleve deux fois, facture deux fois",
        topic="price",
    ),
    Block(
        _FR,
        -0.85,
        """(aucune|pas de|sans) (reponse|nouvelle|nouvelles|aide|suivi|retour), personne (ne|n) ~
        (repond|aide|rappelle), personne repond, (repond|repondent|rappelle|rappellent) (pas|jamais), impoli*,
        desagreable*, malpoli*, aucun (service|suivi|respect), mauvais service, service (nul|
        deplorable|client nul), ignore""",
        topic="service",
    ),
    Block(
        _FR,
        -0.9,
        "rembours*, rendez moi mon argent, mon argent, recuperer mon argent",
        intents=(Intent.REFUND,),
        topic="returns",
        firm=True,
    ),
    Block(
        _FR,
        -0.5,
        "renvoyer, retourner (le|la|les|mon|ma|mes|l), echanger, echange, faire un retour",
        intents=(Intent.RETURN,),
        topic="returns",
        firm=True,
    ),
    Block(_FR, -0.5, "annuler, annulez, annulation, resilier, resiliation", intents=(Intent.CANCEL,), firm=True),
    Block(
        _FR,
        -0.5,
        """probleme*, souci, soucis, (peut|pourrait) [etre|mieux] mieux [faire], bof, moyen, moyenne, rien de
        special, pas (ouf|fou|folle|terrible), sans plus, dommage, je m attendais a mieux, attendais
        (mieux|plus), plaintes""",
    ),
    Block(
        _FR,
        -0.7,
        """(site|page|appli|application|lien|app) ~ (plante|bug|bugue|marche pas|fonctionne pas| erreur|bloque),
        message d erreur, impossible de (me connecter|se connecter|payer|commander), bug, bugs""",
        intents=(Intent.BUG,),
        topic="website",
    ),
)

PRAISE = (
    Block(
        _FR,
        0.9,
        """parfait, parfaite, parfaits, parfaites, parfaitement, excellent*, genial*, geniaux, super,
        magnifique*, superbe*, merveill*, fantastique*, formidable*, extraordin*, impeccable*, ravi, ravie,
        ravis, enchante*, j adore, adore, adorent, adorons, top, nickel, delicieu*, tres
        (content|contente|satisfait|satisfaite|bien|bon|bonne|beau|belle|rapide|joli|jolie| agreable), je
        recommande, recommande, merci beaucoup, merci infiniment, au top, rien a redire, rien a dire,
        incroyable*""",
    ),
    Block(
        _FR,
        0.65,
        """bien, bon, bonne, bons, bonnes, content, contente, contents, satisfait*, heureux, heureuse, joli,
        jolie, jolis, jolies, beau, belle, rapide*, rapidement, agreable*, gentil*, aimable*, serieux,
        serieuse, confortable*, conforme*, pas mal, pas mauvais, aucun probleme, aucun souci, pas de
        (probleme|souci|soucis), sans (probleme|souci), aucune plainte, ca marche [bien], fonctionne [bien],
        marche bien, a l heure, dans les temps, bien (emballe|recu|arrive), tout va bien, tout est
        (bien|ok|parfait|bon), pas cher, bonne qualite, j aime, aime [bien], me plait, merci, correct, bravo,
        fidele""",
    ),
)

OTHER = (
    Block(
        _FR,
        0.0,
        """pas seulement, pas que, numero de commande, bonne (journee|soiree|nuit), bien cordialement,
        (arrive|recu|livre) (hier|aujourd hui|ce matin), pas encore (essaye|teste|utilise), combien
        (de|coute), bien sur, ou bien, si bien""",
    ),
    Block(
        _FR,
        0.0,
        "quand ~ (arrive|arrivera|livre|livree|recevoir|recevrai), numero de suivi, suivi de (ma|mon)",
        intents=_ORDER,
        topic="delivery",
    ),
    Block(
        _FR,
        0.0,
        """(parler|discuter|echanger|parle) (a|avec) ~ (humain|personne|conseiller|conseillere| quelqu
        un|agent|responsable|operateur|quelquun), (vraie|vrai) (personne|humain), un humain, un conseiller,
        (pouvez|peut|pourriez|peux) ~ (appeler|rappeler), (rappelez|appelez) moi, quelqu un ~
        (appeler|rappeler), quelquun ~ (appeler|rappeler), pas un (robot|bot), conseiller (svp|please)""",
        intents=(Intent.PERSON,),
        firm=True,
    ),
    Block(
        _FR,
        0.0,
        """humain, conseiller, agent, une personne, quelqu un, un agent""",
        intents=(Intent.PERSON,),
        whole=True,
    ),
    Block(
        _FR,
        0.0,
        """(me|m) (desabonner|desinscrire), desabonnez moi, desinscrivez moi, desabonnement, arretez de (m|me)
        (ecrire|envoyer|contacter|harceler|spammer|embeter), (ne|n) m (ecrivez|envoyez| contactez) (plus|pas),
        ne me (contactez|ecrivez|derangez) (plus|pas), plus de (messages|mails| sms), laissez moi tranquille,
        ne plus recevoir, stopper les messages""",
        intents=(Intent.STOP,),
        firm=True,
    ),
    Block(
        _FR,
        0.0,
        "arret, arreter, stop, desabonner, desabonnement, desinscription, arretez, stopper, stop sms",
        intents=(Intent.STOP,),
        whole=True,
    ),
    Block(
        _FR,
        0.0,
        """reprendre, reprise, recommencer, abonner, m abonner, reabonner""",
        intents=(Intent.RESUME,),
        whole=True,
    ),
    Block(
        _FR,
        -0.9,
        """blesse*, blessure*, brulure*, brule, brulee, allergi*, eruption, rougeur*, plaques rouges, boutons
        sur, hopital, hospitalis*, aux urgences, ambulance, chez le medecin, medecin, saigne*, du sang,
        fumee, prend feu, pris feu, au feu, incendie, explose*, explosion, etincelle*, electrocut*, decharge
        electrique, intoxication, empoisonn*, vomi*, malade, etouffe*, peau ~ (rouge|brulee|irritee), eclats
        de verre, morceau* de verre, dangereu*, suicid*, me tuer""",
        intents=(Intent.SAFETY, Intent.DANGER),
        firm=True,
    ),
    Block(
        _FR,
        -0.8,
        """avocat*, porter plainte, porte plainte, poursuites, en justice, tribunal, police, gendarmerie,
        repression des fraudes, dgccrf""",
        intents=(Intent.SAFETY, Intent.LEGAL),
        firm=True,
    ),
    Block(
        _FR,
        -0.4,
        """decede*, deces, (est|a|mere|pere|mari|femme) mort, est morte, obseques, enterrement, funerailles, en
        deuil""",
        intents=(Intent.SAFETY, Intent.BEREAVEMENT),
        firm=True,
    ),
    Block(
        _FR,
        0.0,
        """d accord, oui, non, c est bon, ca va, ca marche, entendu, compris, ok merci, comme ci comme ca, je ne
        sais pas, je sais pas, non merci, oui merci, peut etre, pas encore""",
        intents=(Intent.ACKNOWLEDGE,),
        whole=True,
    ),
    Block(
        _FR,
        0.3,
        "merci, merci beaucoup, merci bien, mille mercis, un grand merci, merci a vous, merci a tous",
        intents=(Intent.THANKS,),
        whole=True,
    ),
    Block(_FR, 0.0, "bonjour, salut, bonsoir, coucou, bonjour a tous", intents=(Intent.GREETING,), whole=True),
)

TOPICS = {
    "delivery": "livraison colis livre livree livreur transporteur expedition recu poste chronopost",
    "quality": "qualite matiere tissu couture fermeture semelle cuir finition",
    "size": "taille tailles pointure petit petite grand serre",
    "price": "prix cher chere tarif argent cout",
    "service": "service sav conseiller vendeur vendeuse personnel equipe accueil",
    "product": "produit article chaussures bottes veste robe chemise sac telephone couleur",
    "website": "site page appli application compte",
    "returns": "retour retours remboursement echange",
    "packaging": "emballage emballe carton boite paquet",
    "taste": "gout saveur delicieux cafe repas gateau",
}

BLOCKS = (*OTHER, *COMPLAINTS, *PRAISE)
