# À lire à voix haute : chaleureux, court, honnête. La clientèle est vouvoyée.
# { $item } est le nom d'un article dont on ignore le genre et le nombre : il est entre « », et aucun mot ne s'accorde avec lui.
# Pas de « de » ni de « que » devant { $shop }, { $agent } ou { $item } : le mot suivant peut commencer par une voyelle.

person = Parler à quelqu’un
contact = Vous pouvez aussi nous joindre ici : { $contact }

# la question
ask = { $name ->
    [none] Bonjour ! Que pensez-vous de votre achat, « { $item } » ?
   *[other] Bonjour { $name }, que pensez-vous de votre achat, « { $item } » ?
} Votre réponse nous aide à décider quoi améliorer. Un clic suffit, et merci pour votre temps.
ask-order = { $name ->
    [none] Bonjour ! Comment s’est passée votre commande { $order } ?
   *[other] Bonjour { $name }, comment s’est passée votre commande { $order } ?
} Votre réponse nous aide à décider quoi améliorer. Un clic suffit, et merci pour votre temps.
reminder = { $name ->
    [none] Bonjour, c’est encore moi.
   *[other] Bonjour { $name }, c’est encore moi.
} Un clic à propos de votre achat, « { $item } », nous aiderait vraiment. Je ne demanderai pas une troisième fois.
reminder-order = { $name ->
    [none] Bonjour, c’est encore moi.
   *[other] Bonjour { $name }, c’est encore moi.
} Un clic à propos de votre commande { $order } nous aiderait vraiment. Je ne demanderai pas une troisième fois.
rate-1 = 😡 1
rate-2 = 🙁 2
rate-3 = 😐 3
rate-4 = 🙂 4
rate-5 = 😍 5

# réponses
thanks-5 = { $name ->
    [none] Merci !
   *[other] Merci, { $name } !
} Cela fait plaisir. Si quelque chose change, écrivez-moi.
thanks-4 = Merci, tant mieux si cela vous convient. Y a-t-il une chose que nous pourrions mieux faire ? Écrivez-la simplement, je la transmets.
missing = Merci pour votre franchise. Qu’est-ce qui a manqué ?
noted = Merci. Je transmets aux personnes qui peuvent y changer quelque chose.
thanks-words = Merci de nous le dire. Savoir ce qui va bien nous aide.
thanks-neutral = Merci. Je l’ai noté pour l’équipe.
welcome-back = Avec plaisir. Je suis là en cas de besoin.
greeting = { $name ->
    [none] Bonjour ! Que puis-je faire pour vous ?
   *[other] Bonjour { $name } ! Que puis-je faire pour vous ?
} Écrivez-moi avec vos propres mots, ou demandez à parler à quelqu’un.

# quand ce n'est pas clair
clear = { $item ->
    [none] Je ne veux pas me tromper. Tout va bien avec votre achat ?
   *[other] Je ne veux pas me tromper. Tout va bien avec « { $item } » ?
}
clear-yes = Tout va bien
clear-so = Moyennement
clear-no = Non
clear-question = Une personne y répondra mieux que moi. Voulez-vous que je prévienne quelqu’un ?
clear-thanks = Tant mieux, merci.
got-file = Merci, c’est bien arrivé. Tout va bien ?

# une personne arrive
case-unhappy = Je suis désolé. Ce n’est pas ce que nous voulons pour vous. Je préviens une personne de l’équipe pour arranger cela.
case-unclear = Plutôt que de deviner, je préfère qu’une personne lise cela. Elle vous répondra ici même.
case-high-value = { $name ->
    [none] Merci.
   *[other] Merci, { $name }.
} Je transmets à une personne de l’équipe, qui vous lira et vous répondra ici.
case-asked = Bien sûr. Je préviens une personne de l’équipe.
case-alarm = Merci de me le dire. Une personne regardera cela avant tout le reste. Si quelqu’un est blessé ou en danger, appelez tout de suite les secours.
case-bereavement = Toutes mes condoléances. Une personne lit votre message et vous écrit elle-même. Prenez tout le temps qu’il vous faut.
case-legal = Merci de le dire clairement. Cela va d’abord à une personne qui peut décider.
promise-minutes = { $minutes ->
    [one] En général, nous vous répondons dans la minute.
   *[other] En général, nous vous répondons dans les { $minutes } minutes.
}
promise-hours = { $hours ->
    [one] En général, nous vous répondons dans l’heure.
   *[other] En général, nous vous répondons dans les { $hours } heures.
}
promise-later = Une personne vous répond ici { $day } à partir de { $time }.
promise-broken = C’est plus long que je ne l’avais dit, et j’en suis désolé. Vous n’êtes pas oublié : une personne vous écrit ici.
today = aujourd’hui
tomorrow = demain
day-0 = lundi
day-1 = mardi
day-2 = mercredi
day-3 = jeudi
day-4 = vendredi
day-5 = samedi
day-6 = dimanche
day-far = { $date }
coming-toast = Une personne va vous répondre.
amended = Une correction de ce que je vous ai écrit : { $words }
handed-back = { $agent } doit passer la main. Une autre personne de l’équipe prend le relais, et vous n’avez rien à répéter.
resolved = { $agent ->
    [none] Merci de nous avoir permis d’arranger cela.
   *[other] { $agent } vous remercie de nous avoir permis d’arranger cela.
} S’il reste quelque chose, écrivez simplement ici.
follow-up = { $name ->
    [none] Bonjour !
   *[other] Bonjour { $name } !
} { $agent ->
    [none] Nous avons échangé l’autre jour.
   *[other] Vous avez échangé avec { $agent } l’autre jour.
} Est-ce que tout va bien maintenant ?
well-yes = Oui, tout va bien
well-no = Non, pas encore
well-thanks = Tant mieux. Merci de me le dire.
well-sorry = { $agent ->
    [none] Je suis désolé. Je préviens de nouveau une personne de l’équipe.
   *[other] Je suis désolé. Je préviens de nouveau { $agent }.
}

# un cadeau d'une personne
gift = { $agent ->
    [none] Un cadeau de la boutique { $shop }
   *[other] Un cadeau de { $agent } et de la boutique { $shop }
} : un bon de { $money }. Voici votre code :
gift-free = Il est valable une fois, jusqu’au { $date }. Sans engagement : rien n’est attendu en retour.

# liens
welcome-linked = { $name ->
    [none] Bonjour et bienvenue !
   *[other] Bonjour { $name } et bienvenue !
} Je suis le bot de la boutique { $shop }. Je vous demanderai comment cela s’est passé, deux fois au plus par achat, et vous pouvez m’écrire à tout moment. /stop y met fin, /privacy dit ce que nous gardons.
welcome-again = { $name ->
    [none] Rebonjour !
   *[other] Rebonjour, { $name } !
} Nous sommes déjà en contact. Écrivez-moi quand vous voulez.
welcome-stranger = Bonjour ! Je suis le bot de la boutique { $shop }. Je demande comment un achat s’est passé, et je préviens une personne dès que vous le souhaitez. Pour que je connaisse votre commande, ouvrez le lien sur la page de la commande, ou envoyez-moi son code : start CODE. Ou écrivez simplement ce que vous avez à dire.
link-spent = Ce lien a déjà servi. Si c’était vous, tout va bien : écrivez simplement. Sinon, une personne peut rattacher votre commande.
link-expired = Ce lien est maintenant trop ancien. Ce n’est pas grave : écrivez-moi ici, et une personne peut rattacher votre commande.
link-unknown = Je ne connais pas ce lien. Ce n’est pas grave : écrivez-moi ici, et une personne peut rattacher votre commande.
button-old = Ce bouton vient d’une conversation précédente. Écrivez simplement ce qu’il vous faut, ou demandez à parler à quelqu’un.

# ses propres données
stopped = C’est fait. Je ne vous poserai plus de questions sur vos achats. Vous pouvez toujours écrire ici quand vous voulez, et /resume remet mes questions en route.
stopped-already = Je ne vous pose déjà plus de questions. Vous pouvez toujours écrire ici quand vous voulez.
resumed = Bon retour parmi nous. Je vous demanderai de nouveau comment un achat s’est passé, pour les nouvelles commandes. /stop y met fin.
resumed-already = Mes questions sont déjà en route. Je vous demanderai comment votre prochain achat s’est passé. /stop y met fin.
help = Je suis le bot de la boutique { $shop }. Je demande comment un achat s’est passé et je préviens des personnes qui peuvent aider. Écrivez avec vos propres mots à tout moment. /human prévient une personne, /preferences montre de quoi je vous écris, /stop met fin à mes questions, /mydata montre ce que nous gardons, /forget efface tout.

privacy = La boutique { $shop } garde votre nom, vos coordonnées, vos commandes, ce que nous écrivons ici, vous et nous, et, seulement avec votre accord, de petites choses à retenir, pour vous demander comment cela s’est passé et arranger ce qui ne va pas. Rien n’est vendu, et personne d’autre ne le lit. /mydata le montre, /stop met fin à mes questions, /forget efface tout.
forget = Cela efface votre nom, vos coordonnées, le détail de vos commandes et tout ce que nous avons écrit, vous et nous : { $orders ->
    [0] toute cette conversation.
    [one] une commande et toute cette conversation.
   *[other] { $orders } commandes et toute cette conversation.
} C’est définitif.
forget-yes = Oui, tout effacer
forget-no = Non, garder
forget-kept = Rien n’a été effacé.
farewell = Tout est effacé. Je ne vous écrirai plus. Je vous souhaite une bonne continuation.
mydata-head = Voici ce que la boutique { $shop } garde sur vous :
mydata-name = Nom : { $name }
mydata-email = E-mail : { $email }
mydata-phone = Téléphone : { $phone }
mydata-places = Identifiants : { $places }
mydata-orders = { $orders ->
    [0] Commandes : aucune
    [one] Commandes : une
   *[other] Commandes : { $orders }
}
mydata-lines = { $lines ->
    [0] Lignes de conversation : aucune
    [one] Lignes de conversation : une
   *[other] Lignes de conversation : { $lines }
}
mydata-facts = Retenu avec votre accord : { $words }
mydata-facts-held = En attente de votre oui : { $words }
mydata-questions = { $on ->
    [yes] Mes questions : oui (/stop y met fin)
   *[no] Mes questions : non (/resume les remet en route)
}
mydata-end = /forget efface tout. Une personne peut vous envoyer le fichier complet.

# le chat de l'équipe, pour les gens de la boutique
desk-claim = Je m’en charge
desk-resolve = Résoudre
desk-handback = Rendre
desk-claimed = { $agent } suit ce dossier et parle au client depuis ce fil ; ce que les autres écrivent ici reste entre nous.
desk-resolved = { $agent } a résolu ce dossier.
desk-handed-back = { $agent } a rendu le dossier. Il attend que quelqu’un s’en charge.
desk-reopened = { $agent ->
    [none] Le client dit que tout n’est pas encore réglé. Le dossier est rouvert.
   *[other] { $agent }, le client dit que tout n’est pas encore réglé. Le dossier est de nouveau à vous.
}
desk-taken = { $agent } suit déjà ce dossier.
desk-yours = Ce dossier est déjà à vous.
desk-not-yours = { $agent } suit ce dossier. Voyez avec { $agent } ou avec un responsable.
desk-unlisted = { $who } ne figure pas encore sur la liste de l’équipe. La personne qui gère le bot peut l’ajouter avec : afterword agents add { $identity }
desk-no-case = Aucun dossier n’est ouvert ici. Ce que vous écrivez reste entre nous.
desk-closed = Ce dossier est résolu. « Je m’en charge » (/claim) le rouvre.
desk-other-open = Ce dossier est résolu, et un plus récent est ouvert. Prenez celui-là.
desk-claim-first = Ce que vous écrivez reste entre nous tant que vous ne prenez pas le dossier en charge.
desk-unknown = Je ne connais pas « { $command } », cela reste donc entre nous. Je connais : /claim, /resolve, /handback, /note, /unsend, /gift, /card, /upgrade, /mood, /topic, /remember, /unremember, /open, /who, /away, /back.
desk-note-empty = Écrivez la note après la commande : /note deuxième fermeture éclair de ce lot.
desk-noted = Noté, entre nous.
desk-mood = Merci, { $agent }. Noté, entre nous : « { $words } », humeur { $mood }.
desk-mood-words = Après /mood, écrivez un seul mot : unhappy (mécontent), fine (neutre) ou happy (content). Par exemple : /mood fine
desk-mood-nothing = Le client n’a pas encore écrit de message dont l’humeur puisse être corrigée.
mood-negative = mécontente
mood-neutral = neutre
mood-positive = contente
desk-failed = Ceci n’a pas pu être remis : { $why }
desk-unreachable = Le client n’est pas joignable : { $why }
desk-amend = Envoyer la correction
desk-amend-offer = Votre modification reste interne : le client lit encore la première version.
desk-amend-sent = C’est en route.
desk-amend-again = Il ne reste rien à envoyer : le client reçoit déjà la dernière version.
desk-amend-other = Seul(e) { $agent } peut l’envoyer, tant que le dossier est à son nom.
desk-amended = Le client lit maintenant vos mots corrigés.
desk-amended-anew = Envoyé comme un nouveau message qui dit être une correction ({ $why }).
desk-somebody = la personne qui l’a écrit
desk-unsend = Retirer
desk-unsend-sent = Retrait en cours.
desk-unsend-reply = Répondez à votre propre message par /unsend pour le retirer.
desk-unsend-unknown = Ce message n’est jamais parti chez le client, il n’y a donc rien à retirer.
desk-unsend-gift = Un cadeau reste un cadeau, rien n’a donc été retiré. Les messages précédents peuvent être retirés dans la console.
desk-unsend-other = Seul(e) { $agent } ou un responsable peut le retirer.
desk-unsend-again = C’est déjà retiré.
desk-unsend-thing = ce que vous avez envoyé
desk-unsending = { $agent } retire : « { $words } »
desk-unsent = Retiré : le client n’a plus « { $words } ». Le journal le garde.
desk-unsend-failed = « { $words } » n’a pas pu être retiré : { $why }.
desk-partly = Remis, mais pas en entier : { $why }
desk-waits = Cela attend, et partira tout seul dès que possible : { $why }
desk-blocked = Non remis. Le client est injoignable : il nous a bloqués, et lui seul peut y remédier.
desk-unreached = Non remis. Le client est injoignable : { $why }
desk-reachable = Le client est de nouveau joignable.
desk-left = Le client a effacé toutes ses données. Ce dossier est clos.
desk-console = console
desk-said = { $agent } ({ $desk }) au client :
desk-inside = { $agent } ({ $desk }), en interne :
desk-note = { $agent } ({ $desk }), une note :
desk-changed = { $agent } ({ $desk }) a modifié un message, en interne :
desk-amending = { $agent } corrige ce que lit le client : { $words }
desk-opened = Ce dossier a un nouveau fil sur { $desk }. Il commence par la fiche et ce qui s’est dit jusqu’ici.
desk-lost = { $desk } est hors service pour l’instant : { $why }. Ce dossier continue ici : { $places }. Ce qui est destiné à { $desk } attend et y arrivera de soi-même.
desk-back = { $desk } fonctionne de nouveau. Ce qui l’attendait y est maintenant.
desk-history = Ce qui s’est dit jusqu’ici, en bref (🔒 = resté en interne) :
desk-astray = Ce dossier continue dans un autre fil. Ce que vous écrivez ici compte quand même.
desk-edited = { $name } a modifié le message : { $words }
desk-who = { $name }, client { $customer }. { $value } Identifiants : { $places }.
desk-who-stopped = Ne souhaite pas de questions sur ses achats.
desk-gift = { $agent } a offert { $money } : code { $code }, valable jusqu’au { $date }.
desk-gift-left = Il vous reste ce mois-ci { $left } sur { $budget }.
desk-gift-how = Rien n’a été envoyé. Écrivez le montant, puis vos mots : /gift 20 désolés pour la fermeture éclair. En une fois, vous pouvez offrir jusqu’à { $money }.
desk-gift-currency = Rien n’a été envoyé : les cadeaux sont en { $currency }, pas en { $other }. Écrivez le montant seul : /gift 20 désolés pour la fermeture éclair.
desk-gift-largest = Rien n’a été envoyé : { $money } dépasse ce que peut valoir un cadeau. En une fois, vous pouvez offrir jusqu’à { $largest }.
desk-gift-over = Rien n’a été envoyé : { $money } dépasse ce qu’il vous reste. Votre prochain budget commence le { $date }.
desk-gift-empty = Rien n’a été envoyé : la réserve n’a pas de code de { $money }. { $amounts ->
    [none] Elle est vide.
   *[other] Elle a des codes de : { $amounts }.
} Pour en ajouter : { $command }
desk-gift-unreachable = Rien n’a été offert : le client n’est pas joignable ({ $why }).
desk-gift-claim = Rien n’a été offert : seule la personne qui suit le dossier peut offrir. Prenez-le d’abord en charge.
desk-gift-not-yours = Rien n’a été offert : { $agent } suit ce dossier, et seulement { $agent } peut offrir ici.
desk-gift-closed = Rien n’a été offert : ce dossier est résolu. « Je m’en charge » (/claim) le rouvre, et vous pourrez offrir.
desk-gift-no-case = Rien n’a été offert : il n’y a pas de dossier ici. Écrivez-le dans le fil d’un dossier que vous suivez.
desk-gift-off = Rien n’a été offert : les cadeaux sont désactivés (gifts.monthly_budget vaut 0).
desk-gift-failed = Le cadeau de { $money } n’est pas arrivé : { $why }. Il ne compte pas dans votre budget, et son code n’ira à personne d’autre.
desk-gift-unsure = Il n’est pas certain que le cadeau de { $money } soit arrivé : { $why }. Son code est valable ; demandez au client avant d’en offrir un autre.
desk-card = { $agent } demande une carte au bureau : « { $words } ». C’est la tâche { $number }.
desk-upgrade = { $agent } demande une faveur au bureau : « { $words } ». C’est la tâche { $number }.
desk-card-how = Rien n’a été demandé. Écrivez ce que la carte doit dire : /card profitez bien des nouvelles bottes, de notre part à tous
desk-upgrade-how = Rien n’a été demandé. Écrivez ce qui doit être amélioré : /upgrade livraison express pour l’échange
gesture-coupon = bon de { $money }
gesture-card = carte
gesture-card-open = carte, à faire
gesture-upgrade = faveur
gesture-upgrade-open = faveur, à faire
card-top = Top { $share } % : rang { $rank } sur { $of }, { $money } en { $orders ->
    [one] { $orders } commande
   *[other] { $orders } commandes
}.
card-value = Rang { $rank } sur { $of }, { $money } en { $orders ->
    [one] { $orders } commande
   *[other] { $orders } commandes
}.
card-new = Aucun achat connu.
card-case = dossier { $number }
card-state-open = ouvert, encore à personne
card-state-reopened = de nouveau ouvert, encore à personne
card-state-claimed = { $agent ->
    [none] quelqu’un s’en occupe
   *[other] { $agent } s’en occupe
}
card-state-resolved = { $agent ->
    [none] résolu
   *[other] résolu par { $agent }
}
card-label-order = Commande
card-label-mood = Humeur
card-label-remembered = Retenu
card-label-given = Offert
card-label-earlier = Avant
card-customer = client { $number }
card-web = chat web
card-cases = { $others ->
    [0] aucun dossier antérieur
    [one] un dossier antérieur
   *[other] { $others } dossiers antérieurs
}
card-clock = il est { $time } là-bas quand il est { $since } ici
card-clock-same = la même heure là-bas qu’ici
card-well = tout va bien de nouveau
card-not-well = pas encore arrangé
card-unanswered = sans réponse à la question si tout va bien
card-refunded = remboursé le { $date }
card-cancelled = annulé le { $date }
card-delivered = livré le { $date }
card-paid = payé le { $date }
card-unreachable = ⛔ { $why ->
    [none] Injoignable : aucun chat n’est connu.
   *[other] Injoignable : { $why }
}
author-customer = client
author-bot = bot
author-agent = équipe
mood-mixed = partagée
mood-unknown = incertaine
customer-nameless = Client { $number }

# qui passe d’abord, qui s’en charge, ce qui est promis
urgency-alarm = alarme
urgency-angry = en colère
urgency-unhappy = mécontent
urgency-asked = demande une personne
urgency-unclear = pas clair
urgency-calm = calme
urgency-top = parmi les meilleurs clients
urgency-answered = a une réponse
urgency-new = vient d’arriver
urgency-waits = attend depuis { $wait }
urgency-before = { $words } : avant { $others ->
    [one] { $others } autre
   *[other] { $others } autres
}
card-reply = réponse promise avant { $time }
card-late-reply = la réponse était promise avant { $time }
card-resolution = à régler avant { $time }
card-late-resolution = devait être réglé avant { $time }
offer-knows = proposé à { $agent } : connaît ce client
offer-language = proposé à { $agent } : parle { $tongue }
offer-skill = proposé à { $agent } : s’y connaît en { $skill }
offer-next = proposé à { $agent } : c’est son tour
offer-all = pour tout le monde
offer-later = sera proposé à l’ouverture
offer-manager = { $agent ->
    [none] pour tout le monde, toujours libre
   *[other] pour tout le monde, toujours libre : { $agent }
}
desk-offer = { $agent }, ce dossier vous est proposé. Tout le monde peut le prendre.
desk-offer-all = Personne n’a encore pris ce dossier. Il est maintenant pour tout le monde.
desk-offer-manager = { $agent ->
    [none] Toujours personne pour ce dossier.
   *[other] { $agent }, toujours personne pour ce dossier.
} { $name } attend depuis { $wait }.
desk-warning-first-reply = ⏳ { $agent ->
    [none] { $name } attend
   *[other] { $agent }, { $name } attend
} depuis { $since } ({ $wait }) la première réponse, promise avant { $time }.
desk-warning-next-reply = ⏳ { $agent ->
    [none] { $name } attend
   *[other] { $agent }, { $name } attend
} depuis { $since } ({ $wait }) une réponse, promise avant { $time }.
desk-warning-resolution = ⏳ { $agent ->
    [none] Le dossier de { $name } est ouvert
   *[other] { $agent }, le dossier de { $name } est ouvert
} depuis { $since } ({ $wait }). Il doit être réglé avant { $time }.
desk-breach-first-reply = ⚠️ { $agent ->
    [none] { $name } attend
   *[other] { $agent }, { $name } attend
} depuis { $since } ({ $wait }). La première réponse était promise avant { $time }.
desk-breach-next-reply = ⚠️ { $agent ->
    [none] { $name } attend
   *[other] { $agent }, { $name } attend
} depuis { $since } ({ $wait }). Une réponse était promise avant { $time }.
desk-breach-resolution = ⚠️ { $agent ->
    [none] Le dossier de { $name } est ouvert
   *[other] { $agent }, le dossier de { $name } est ouvert
} depuis { $since } ({ $wait }). Il devait être réglé avant { $time }.
desk-left-team = { $agent } ne fait plus partie de l’équipe. Le dossier attend que quelqu’un s’en charge.
presence-head = Qui est là :
presence-line = { $name } : { $state }, { $held ->
    [0] aucun dossier ouvert
    [one] { $held } dossier ouvert
   *[other] { $held } dossiers ouverts
}
presence-here = présent
presence-hours = hors de ses heures
presence-silent = sans nouvelles depuis { $wait }
presence-away = { $time ->
    [none] absent
   *[other] absent jusqu’à { $time }
}
presence-gone = { $time ->
    [none] { $agent } est absent jusqu’à /back.
   *[other] { $agent } est absent jusqu’à { $time }, ou jusqu’à /back.
} Les dossiers vont d’abord à quelqu’un d’autre.
presence-back = { $agent } est de retour.
presence-how = Après /away, n’écrivez rien, ou une heure, ou une durée. Par exemple : /away until 14h00, ou /away 2h

# ce qui est retenu, avec accord
memory-ask = Pouvons-nous retenir de petites choses que vous nous dites, une taille ou un prénom par exemple, pour que vous n’ayez pas à les redire ? Seule l’équipe de { $shop } le lit, et cela s’efface tout seul. Vous pouvez y mettre fin à tout moment avec /privacy, et /mydata le montre.
memory-yes = Oui, le retenir
memory-no = Non, merci
memory-yes-thanks = Merci. Nous y pensons, et /privacy y met fin quand vous voulez.
memory-no-thanks = D’accord, rien de tel n’est retenu.
memory-start = Vous pouvez retenir
memory-stop = Ne plus rien retenir
memory-none = Rien n’est encore retenu de ce client. Par exemple : /remember pointure 41
memory-head = Ce qui est retenu de { $name } :
memory-line = { $place }. { $words } ({ $agent }, jusqu’au { $date })
memory-line-held = { $place }. { $words } ({ $agent }, attend le oui du client)
memory-off = Rien n’a été retenu : cela est désactivé ici (memory.keep vaut 0s).
memory-when = Rien n’a été retenu. Écrivez un jour à venir, puis les mots : /remember until 2027-03-01 pointure 41
memory-long = Rien n’a été retenu : { $most } caractères au plus, s’il vous plaît.
memory-full = Rien n’a été retenu : { $most } choses le sont déjà. Retirez-en une avec /unremember 1
memory-refused = Rien n’a été retenu : le client ne le souhaite pas.
memory-unreachable = Rien n’a été retenu : le client doit d’abord être d’accord, et il est injoignable.
memory-held = En attente : « { $words } ». La question est posée au client ; un oui le garde, un non l’écarte.
memory-kept = { $agent } retient : « { $words } », jusqu’au { $date }.
memory-which = Écrivez le numéro après la commande : /unremember 1
memory-gone = Cela n’est plus retenu.
memory-dropped = { $agent } a retiré « { $words } ». Ce n’est plus retenu.
memory-agreed-yes = Le client est d’accord : ce qui était en attente est retenu.
memory-agreed-no = Le client ne le souhaite pas : tout cela est effacé, et rien de plus n’est retenu.
memory-unanswered = Le client n’a jamais répondu, « { $words } » est donc écarté.

# comment les mots ont été lus, corrigé
desk-tap-neutral = 😊 Pas mécontent
desk-tap-negative = 🙁 Mécontent, si
desk-tap-topic = 🏷 Sujet…
desk-tap-done = Terminé
desk-mood-already = C’est déjà noté ainsi : { $mood }.
desk-topic = Merci, { $agent }. Noté, entre nous : « { $words } » { $topics ->
    [none] ne concerne aucun des sujets.
   *[other] concerne : { $topics }.
}
desk-topic-words = Après /topic, écrivez de quoi parlent les derniers mots, ou - pour aucun sujet. Je connais : { $topics }. Par exemple : /topic livraison
desk-topic-now = { $topics ->
    [none] Noté : aucun des sujets.
   *[other] Noté : { $topics }.
}
topic-delivery = livraison
topic-quality = qualité
topic-size = taille
topic-price = prix
topic-service = accueil
topic-product = produit
topic-website = site
topic-returns = retour
topic-packaging = emballage
topic-taste = goût

# comment l’aide a été vécue
help-ask = { $agent ->
    [none] Et comment était l’aide ?
   *[other] Et comment était l’aide de { $agent } ?
} Un seul geste, si vous le voulez bien.
help-good = 👍 Bonne
help-fair = 👌 Moyenne
help-poor = 👎 Pas bonne
help-thanks = Merci, cela nous aide.
help-sorry = Merci de votre franchise, et je suis désolé. Si vous souhaitez en parler, une personne est à portée de main.

# premières phrases pour les agents
desk-openers = Vous pourriez commencer ainsi (copiez et changez ce que vous voulez) :
open-hello = { $name ->
    [none] Bonjour
   *[other] Bonjour { $name }
}{ $agent ->
    [none] .
   *[other] , ici { $agent }.
}
open-loss = Je vous présente toutes mes condoléances.
open-danger = J’ai lu ce que vous avez écrit, et cela passe avant tout le reste.
open-legal = J’ai lu ce que vous avez écrit, et je le prends au sérieux.
open-serious = J’ai lu ce que vous avez écrit, et je le prends au sérieux.
open-again = { $item ->
    [none] Je vois que ce n’est pas encore arrangé. Je regrette que vous ayez à nous le redire.
   *[other] Je vois que ce n’est pas encore arrangé pour « { $item } ». Je regrette que vous ayez à nous le redire.
}
open-sorry-delivery = Je regrette les soucis avec la livraison.
open-sorry-quality = Je regrette que la qualité ne soit pas au rendez-vous.
open-sorry-size = Je regrette que la taille n’aille pas.
open-sorry-price = Je regrette que le prix ne vous semble pas juste.
open-sorry-service = Je regrette la façon dont nous vous avons traité.
open-sorry-website = Je regrette les soucis avec notre site.
open-sorry-returns = Je regrette les soucis avec le retour.
open-sorry-packaging = Je regrette ce qui est arrivé avec l’emballage.
open-sorry-taste = Je regrette que le goût ne soit pas celui que vous espériez.
open-sorry-product = Je regrette que ce ne soit pas comme il faut.
open-sorry-words = { $item ->
    [none] J’ai lu ce que vous avez écrit, et je le regrette.
   *[other] J’ai lu ce que vous avez écrit sur « { $item } », et je le regrette.
}
open-sorry-rating = { $item ->
    [none] J’ai vu votre note, et je le regrette.
   *[other] J’ai vu votre note pour « { $item } », et je le regrette.
}
open-sorry = Je regrette que cela ne vous convienne pas.
open-asked = Vous avez demandé une personne, et me voici.
open-read = { $item ->
    [none] J’ai lu ce que vous avez écrit.
   *[other] J’ai lu ce que vous avez écrit sur « { $item } ».
}
open-thanks = { $item ->
    [none] Merci de votre réponse.
   *[other] Merci de votre réponse sur « { $item } ».
}
open-waited = Je regrette que vous ayez dû attendre cette réponse.
open-ask-loss = Pouvons-nous vous décharger de quelque chose ? Rien ne presse.
open-ask-safe = Allez-vous bien maintenant ?
open-ask-help = Comment puis-je vous aider ?
open-ask-right = Qu’est-ce qui arrangerait les choses pour vous ?
open-ask-better = Y a-t-il quelque chose que nous pourrions mieux faire ?
open-ask-delivery = Quelque chose est-il arrivé depuis, et où faut-il livrer ?
open-ask-quality = Pourriez-vous m’envoyer une photo ?
open-ask-size = Quelle taille vous irait ?
open-ask-price = Qu’est-ce qui vous semblerait juste ?
open-ask-website = Où avez-vous été bloqué, et avec quel appareil ?
open-ask-returns = L’avez-vous déjà renvoyé, et quand ?
open-ask-packaging = Ce qui était à l’intérieur a-t-il souffert ?

# l'équipe en privé
staff-help = Vous êtes de l’équipe { $shop }. Ici, je réponds à /summary (today, 7d, 30d, 90d), /digest (daily, weekly, off) et à /queue. /away et /back disent si vous êtes là, et /login vous ouvre la console.
staff-agent-help = Vous êtes de l’équipe { $shop }. Ici, je réponds à /queue. /away et /back disent si vous êtes là, et /login vous ouvre la console. Les dossiers arrivent dans le chat de l’équipe.
staff-period = Je connais ces périodes : today, 7d, 30d, 90d. Par exemple : /summary 7d
staff-login = Votre accès à la console, valable une seule fois, dans les dix prochaines minutes : { $link }

# résumé
summary-head = { $shop }, { $period }
summary-period-today = aujourd’hui
summary-period-7d = les 7 derniers jours
summary-period-30d = les 30 derniers jours
summary-period-90d = les 90 derniers jours
summary-asks = Questions remises : { $asks }, répondues : { $rate }. Clients ayant répondu : { $answered } sur { $asked }.
summary-rating = Note moyenne : { $rating }. Satisfaits (4 ou 5) : { $csat }.
summary-unhappy = Mécontents : { $unhappy }, { $share }. Humeur de −1 à 1 : { $mood }.
summary-cases = Dossiers ouverts : { $opened }, résolus : { $resolved }, en cours : { $open }.
summary-first = Première réponse d’une personne, médiane : { $time }.
summary-few = trop peu pour le dire (n = { $n })
summary-of = { $value } (n = { $n })
summary-recovery = Clients mécontents reconquis par une personne : { $rate }.
summary-period-days = { $since } au { $until }
summary-of-before = { $value } (n = { $n }, avant { $before })
chart-answers = Réponses : { $answers }. Mécontents : { $unhappy }.
chart-ratings = Notes : { $rated }
chart-unhappy = mécontents
chart-others = les autres

# digests and alerts
digest-daily = Vous recevez un point chaque jour à { $time } ({ $zone }). /digest off l’arrête.
digest-weekly = Vous recevez un point chaque semaine, { $day } à { $time } ({ $zone }). /digest off l’arrête.
digest-off = Plus de point. /digest daily ou /digest weekly le fait revenir.
digest-none = Vous ne recevez pas encore de point. /digest daily ou /digest weekly 8h00 le met en route.
digest-how = Je connais /digest daily, /digest weekly et /digest off, avec une heure et un fuseau horaire si vous le souhaitez. Par exemple : /digest daily 8h00 Europe/Paris
digest-changed = Ce qui a nettement changé :
digest-change = { $what } : { $now } (avant { $before })
digest-unchanged = Rien n’a nettement changé.
digest-topic = Messages mécontents sur { $name }
digest-needs = Ce qui a besoin de vous : dossiers que personne n’a pris : { $waiting }. Promesses non tenues : { $late }. /queue montre qui attend.
digest-all-well = Rien ne vous attend : chaque dossier a quelqu’un, et chaque promesse a été tenue.
digest-themes = Les clients parlent davantage de : { $words }
digest-voices = Dans leurs mots :
digest-quote = « { $words } »
figure-recovery = Reconquis
figure-csat = Satisfaits
figure-unhappy_share = Mécontents
figure-response_rate = Taux de réponse
alert-unhappy = { $shop } : plus de réponses mécontentes que d’habitude. { $hits } sur { $of } ces dernières 24 heures ({ $share }), d’habitude { $usual }. /summary today en montre plus.
alert-topic = { $shop } : plus de plaintes que d’habitude sur ce sujet : { $name }. { $hits } messages sur { $of } ces dernières 24 heures ({ $share }), d’habitude { $usual }.
alert-late = { $shop } : promesses non tenues ces dernières 24 heures : { $hits }. /queue montre qui attend.
alert-product = { $shop } : plus de réponses mécontentes sur { $name } que d’habitude. { $hits } sur { $of } depuis hier ({ $share }) ; d’habitude { $usual }.
alert-about-delivery = la livraison
alert-about-packaging = l’emballage
alert-about-price = le prix
alert-about-product = le produit
alert-about-quality = la qualité
alert-about-returns = les retours
alert-about-service = le service
alert-about-size = la taille
alert-about-taste = le goût
alert-about-website = le site

# un seul message aux personnes concernées, sous une alerte
seize-button = Écrire aux personnes concernées
seize-write = Un seul message, à { $whom }. Écrivez-le ici comme vous le diriez ; { $first } et { $thing } sont leur nom et ce qu’elles ont acheté. Vous le verrez, et qui il atteint, avant que rien ne parte.
seize-ready = Prendre des mots tout prêts
seize-drop = Laisser
seize-dropped = Laissé. Rien ne part. Le bouton sous l’alerte vaut pendant un jour.
seize-over = Cette alerte a plus d’un jour : le moment est passé. `afterword campaigns send FILE` écrit à qui vous voulez à tout moment.
seize-already = { $who } y a déjà répondu. Un message suffit.
seize-newer = Vous avez écrit ou choisi autre chose depuis. Les boutons sous le dernier aperçu comptent.
seize-wrong = Cela ne peut pas partir ainsi : { $most } lettres au plus, et entre accolades seulement { $places }.
seize-send = Envoyer
seize-to-told = À celles qui nous l’ont dit
seize-to-bought = À toutes celles qui ont acheté récemment
seize-offer = Il propose aussi quelque chose
seize-help = Il aide seulement
seize-told-unhappy = les personnes mécontentes ces deux derniers jours
seize-told-topic = les personnes qui se sont plaintes ces deux derniers jours (sujet : { $about })
seize-told-product = les personnes mécontentes de { $about } ces deux derniers jours
seize-bought-any = toutes les personnes qui ont acheté ces sept derniers jours
seize-bought-product = toutes les personnes qui ont acheté { $about } ces 30 derniers jours
seize-preview =
    À { $whom } :

    « { $words } »
seize-now = Tout de suite : { $number }.
seize-later = Plus tard : { $number } ({ $why }).
seize-never = Pas : { $number } ({ $why }).
seize-helps = Il part une fois, dans toutes les limites. Il répond à ce qu’elles ont acheté ou dit et n’a donc pas besoin d’accord pour les conseils et nouvelles ; qui n’en voulait pas n’en reçoit pas.
seize-offers = Il part une fois, dans toutes les limites, et seulement à celles qui ont accepté conseils et nouvelles.
seize-sent = Il est en route. La page « Program » de la console montre où il en est ; `afterword campaigns stop { $campaign }` l’arrête.
seize-told = { $who } envoie un message à { $whom } : « { $words } »
seize-words-unhappy = Bonjour { $name }, ces jours-ci tout ne va pas chez nous aussi bien qu’il le faudrait. Nous en sommes désolés. Chez { $shop }, des personnes y travaillent ; écrivez ici si quelque chose ne va pas pour vous.
seize-words-topic = Bonjour { $name }, plusieurs personnes nous ont parlé de soucis ces jours-ci (sujet : { $about }). Nous en sommes désolés. Chez { $shop }, des personnes y travaillent ; écrivez ici si quelque chose ne va pas pour vous.
seize-words-product = Bonjour { $name }, plusieurs personnes nous ont parlé ces jours-ci de soucis avec { $about }. Nous en sommes désolés. Chez { $shop }, des personnes y travaillent ; écrivez ici si quelque chose ne va pas avec le vôtre.
seize-why-opted-out = ne veulent pas de messages
seize-why-wants-none = ne veulent ni conseils ni nouvelles
seize-why-not-agreed = n’ont jamais accepté conseils et nouvelles
seize-why-level = le programme va moins loin avec elles
seize-why-case = une personne s’en occupe en ce moment
seize-why-after-case = peu après un cas
seize-why-lately = ont eu de nos nouvelles récemment
seize-why-quiet = il fait nuit chez elles
seize-why-holiday = c’est un jour férié chez elles
seize-why-no-channel = aucun moyen de les joindre
seize-why-refunded = remboursé ou annulé
seize-why-care = laissées tranquilles après des mots graves ou de colère

# the queue
queue-head = { $count ->
    [0] Personne n’attend.
    [one] Un dossier ouvert :
   *[other] { $count } dossiers ouverts, les plus urgents d’abord :
}
queue-line = { $name } : { $reasons } · { $owner ->
    [none] libre
   *[other] { $owner }
} · { $urgency }
time-s = { $n } s
time-m = { $n } min
time-h = { $n } h
time-d = { $n ->
    [one] { $n } jour
   *[other] { $n } jours
}

# ce qu’apporte une relation : un merci, des messages, ce que chacun veut recevoir
welcome-basic = { $name ->
    [none] Bonjour et bienvenue !
   *[other] Bonjour { $name } et bienvenue !
} Je suis le bot de { $shop }. Écrivez-moi dès que vous avez besoin de quelque chose ; une personne n’est jamais loin. /stop y met fin, /privacy dit ce que nous gardons.
welcome-reactive = { $name ->
    [none] Bonjour et bienvenue !
   *[other] Bonjour { $name } et bienvenue !
} Je suis le bot de { $shop }. Dites-moi à tout moment comment ça se passe, en bien ou en mal : c’est lu, et vous aurez une réponse. /stop y met fin, /privacy dit ce que nous gardons.
ask-thanks = Pour vous remercier, vous recevez un bon de { $money }, quelle que soit votre réponse.
review-link = Si vous voulez raconter à d’autres comment ça s’est passé, c’est ici, quoi que vous ayez à dire : { $link }
reward-answer = { $name ->
    [none] Merci de votre réponse.
   *[other] Merci de votre réponse, { $name }.
} Comme promis, quoi que vous ayez dit : un bon de { $money }. Voici votre code :
reward-purchase = { $name ->
    [none] C’était votre achat numéro { $number } chez nous. Merci de revenir !
   *[other] { $name }, c’était votre achat numéro { $number } chez nous. Merci de revenir !
} Voici un bon de { $money }. Votre code :
reward-anniversary = { $name ->
    [none] C’est en ce jour que vous avez acheté chez { $shop } pour la première fois.
   *[other] { $name }, c’est en ce jour que vous avez acheté chez { $shop } pour la première fois.
} Merci de votre fidélité. Voici un bon de { $money }. Votre code :
reward-ends = { $name ->
    [none] Un petit rappel :
   *[other] { $name }, un petit rappel :
} votre bon de { $money } est valable jusqu’au { $date }. Si vous n’en avez pas besoin, laissez-le passer. Votre code :
invite = Encore une question, et un non me va : puis-je vous écrire de temps en temps avec des conseils sur vos achats et des nouvelles de { $shop } ?
invite-yes = Oui, volontiers
invite-no = Non, merci
outreach-partner = Ceci vient de { $shop } avec { $partner }, qui est notre partenaire et y gagne aussi.
useful-yes = 👍 Bon à savoir
useful-no = 👎 Pas pour moi
useful-yes-thanks = Ça me fait plaisir. Si vous avez une question là-dessus, écrivez-moi.
useful-no-thanks = Merci, cela m’aide. J’écrirai moins de messages de ce genre.
no-more = Plus de messages de ce genre
preferences = Voici de quoi je vous écris. Il suffit d’appuyer pour changer, et c’est fait tout de suite.
preferences-tap = Mon choix
prefer-questions-on = Questions sur les achats : oui. Désactiver
prefer-questions-off = Questions sur les achats : non. Activer
prefer-gifts-on = Cadeaux et bons : oui. Désactiver
prefer-gifts-off = Cadeaux et bons : non. Activer
prefer-outreach-on = Conseils et nouvelles : oui. Désactiver
prefer-outreach-off = Conseils et nouvelles : non. Activer
prefer-partners-on = Offres avec partenaires : oui. Désactiver
prefer-partners-off = Offres avec partenaires : non. Activer
preferred-questions-on = C’est fait. Je vous demanderai de nouveau comment s’est passé un achat.
preferred-questions-off = C’est fait. Je ne vous poserai plus de questions sur vos achats.
preferred-gifts-on = C’est fait. Quand il y aura un cadeau pour vous, je l’enverrai ici.
preferred-gifts-off = C’est fait. Je ne vous enverrai plus ni cadeaux ni bons.
preferred-outreach-on = Merci ! J’écrirai de temps en temps avec des conseils et des nouvelles, jamais souvent. /preferences permet de changer à tout moment.
preferred-outreach-off = C’est fait. Plus de conseils ni de nouvelles de ma part. /preferences montre tout le reste.
preferred-partners-on = C’est fait. Je vous parlerai aussi des offres faites avec des partenaires, en disant toujours qui ils sont.
preferred-partners-off = C’est fait. Plus d’offres avec des partenaires.
staff-campaign-stopped = La campagne « { $campaign } » s’est arrêtée : { $why }. Plus rien n’en part. `afterword campaigns report { $campaign }` montre les chiffres, `afterword campaigns start { $campaign }` la relance.
