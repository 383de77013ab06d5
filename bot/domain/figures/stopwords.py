"""Words that carry no theme, in the four languages, and the everyday words of feedback itself."""

from __future__ import annotations

ENGLISH = """
a about above after again against all almost already also although always am an and another any anything are aren't
as at be because been before being below between both but by came can can't cannot come could couldn't did didn't do
does doesn't doing don't done down during each either else even ever every everything few for from further get gets
getting give given go going gone got had hadn't has hasn't have haven't having he her here hers herself him himself
his how however i i'd i'll i'm i've if in into is isn't it it's its itself just let like made make many may maybe me
might more most much must my myself need never no nor not nothing now of off often on once one only or other our
ours ourselves out over own perhaps please put quite rather really said same say see seem shall she should shouldn't
since so some something still such than that that's the their theirs them themselves then there there's these they
they're thing things think this those though through to too two under until up us use used using very via was wasn't
way we we're were weren't what when where whether which while who whom whose why will with without won't would
wouldn't yes yet you you're your yours yourself yourselves hello hi hey dear thanks thank okay well today yesterday
tomorrow day days week weeks time times
"""
GERMAN = """
aber alle allem allen aller alles als also am an ander andere anderen auch auf aus bei beim bin bis bist bitte da
dabei dadurch dafür dagegen daher dahin dann daran darauf darf darin das dass dein deine dem den denn der des dessen
deshalb dich die dies diese diesem diesen dieser dieses dir doch dort du durch eben ein eine einem einen einer eines
einfach einige er erst es etwas euch euer eure für gab ganz gar geben gegen gehabt gewesen gibt haben habe hat hatte
hatten hätte hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins ist ja jede jedem jeden
jeder jedes jetzt kann kein keine keinem keinen keiner können könnte machen mal man mehr mein meine meinem meinen
meiner mich mir mit muss müssen nach nicht nichts noch nun nur ob oder ohne schon sehr sein seine seinem seinen
seiner seit selbst sich sie sind so sogar solche soll sollte sondern sonst über um und uns unser unsere unter viel
vom von vor war waren warum was weg weil weiter welche welcher wenig wenn wer werden wie wieder will wir wird
wirklich wo wollen worden wurde wurden würde zu zum zur zwar zwischen hallo danke heute gestern morgen tag tage
woche wochen mal leider
"""
SPANISH = """
a al algo alguien algún alguna algunas algunos ante antes aquel aquella aquí así aún aunque bajo bien cada casi como
cómo con contra cual cuál cuando cuándo cuanto de del desde después donde dónde dos durante e el él ella ellas ellos
en entre era eran es esa esas ese eso esos esta está estaba están estar estas este esto estos estoy fue fueron ha
haber había han has hasta hay haya he hemos hace hacer hacia hecho incluso la las le les lo los luego más mas me mi
mí mientras mis mismo mucha muchas mucho muchos muy nada ni ningún no nos nosotros nuestra nuestro nunca o os otra
otras otro otros para pero poco por porque pues puede pueden pude puedo que qué quien quién quiero se sea ser si sí sido
siempre sin sino sobre solo sólo son soy su sus suya tal también tampoco tan tanto te tenemos tener tengo ti tiene
tienen todo todos toda todas tu tú tus un una unas uno unos usted va vamos vez voy y ya yo hola gracias hoy ayer
mañana día días semana semanas
"""
FRENCH = """
a à ai ainsi alors après as assez au aucun aucune aujourd'hui aussi autre autres aux avait avant avec avez avoir
avons beaucoup bien c'est ça car ce ceci cela celle celui ces cet cette ceux chaque chez comme comment d'un d'une
dans de déjà depuis des deux dire dois doit donc dont du elle elles en encore entre est et étaient était été être eu
eux faire fait faut fois font ici il ils j'ai je jamais jusque l'on la là le les leur leurs lors lui ma mais me même
mêmes mes mettre mieux moi moins mon n'a n'ai n'est ne ni non nos notre nous on ont ou où oui par parce pas passe
pendant peu peut peux plus plutôt pour pourquoi pouvait près puis qu'il qu'on quand que quel quelle quelles quelque
quelques quels qui quoi rien s'est sa sans sera ses seulement si sien son sont sous souvent sur ta te tes tous tout
toute toutes très trop tu un une vers voici voilà vont vos votre vous vraiment y bonjour merci hier demain jour
jours semaine semaines
"""
STOP_WORDS = frozenset(word for words in (ENGLISH, GERMAN, SPANISH, FRENCH) for word in words.split())
