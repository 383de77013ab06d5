# Leer en voz alta: cálido, breve, sincero. A quien compra se le trata de tú.
# { $item } es el nombre de un producto, de género y número desconocidos: va entre «» y ninguna palabra concuerda con él.

person = Hablar con alguien
contact = También puedes encontrarnos aquí: { $contact }

# la pregunta
ask = { $name ->
    [none] ¡Hola! ¿Qué tal te va con «{ $item }»?
   *[other] Hola, { $name }: ¿qué tal te va con «{ $item }»?
} Con tu respuesta decidimos qué mejorar primero. Basta con un toque, y gracias por tu tiempo.
ask-order = { $name ->
    [none] ¡Hola! ¿Qué tal te fue con tu pedido { $order }?
   *[other] Hola, { $name }: ¿qué tal te fue con tu pedido { $order }?
} Con tu respuesta decidimos qué mejorar primero. Basta con un toque, y gracias por tu tiempo.
reminder = { $name ->
    [none] ¡Hola de nuevo!
   *[other] Hola, { $name }, soy yo otra vez.
} Un toque sobre «{ $item }» nos ayudaría mucho. No preguntaré una tercera vez.
reminder-order = { $name ->
    [none] ¡Hola de nuevo!
   *[other] Hola, { $name }, soy yo otra vez.
} Un toque sobre tu pedido { $order } nos ayudaría mucho. No preguntaré una tercera vez.
rate-1 = 😡 1
rate-2 = 🙁 2
rate-3 = 😐 3
rate-4 = 🙂 4
rate-5 = 😍 5

# respuestas
thanks-5 = { $name ->
    [none] ¡Gracias!
   *[other] ¡Gracias, { $name }!
} Me alegra saberlo. Si algo cambia, escríbeme.
thanks-4 = Gracias, me alegra que te vaya bien. ¿Hay algo que podamos hacer mejor? Escríbelo sin más y se lo paso al equipo.
missing = Gracias por tu sinceridad. ¿Qué faltó?
noted = Gracias. Se lo paso a quienes pueden cambiarlo.
thanks-words = Gracias por contárnoslo. Nos ayuda saber qué funciona.
thanks-neutral = Gracias. Lo he anotado para el equipo.
welcome-back = De nada. Aquí estoy si surge algo.
greeting = { $name ->
    [none] ¡Hola! ¿Qué puedo hacer por ti?
   *[other] ¡Hola, { $name }! ¿Qué puedo hacer por ti?
} Escríbeme con tus propias palabras o pide hablar con una persona.

# cuando no está claro
clear = { $item ->
    [none] No quiero equivocarme. ¿Va todo bien con tu compra?
   *[other] No quiero equivocarme. ¿Va todo bien con «{ $item }»?
}
clear-yes = Sí, todo bien
clear-so = Más o menos
clear-no = No
clear-question = Eso te lo responde mejor una persona. ¿Aviso a alguien?
clear-thanks = Me alegra saberlo, gracias.
got-file = Gracias, me ha llegado. ¿Va todo bien?

# viene una persona
case-unhappy = Lo siento. No es lo que queremos para ti. Aviso a una persona del equipo para que lo arregle.
case-unclear = Antes que adivinar, prefiero que lo lea una persona. Te responderá aquí mismo.
case-high-value = { $name ->
    [none] Gracias.
   *[other] Gracias, { $name }.
} Se lo paso a una persona del equipo, que lo leerá y te responderá aquí.
case-asked = Claro. Aviso a una persona del equipo.
case-alarm = Gracias por decírmelo. Una persona lo mirará antes que nada. Si alguien se ha hecho daño o corre peligro, llama ahora mismo al número de emergencias.
case-bereavement = Siento mucho tu pérdida. Lo lee una persona y te escribe ella misma. Tómate todo el tiempo que necesites.
case-legal = Gracias por decirlo con claridad. Esto va primero a una persona que puede decidir.
promise-minutes = { $minutes ->
    [one] Lo normal es que te respondamos en un minuto.
   *[other] Lo normal es que te respondamos en { $minutes } minutos.
}
promise-hours = { $hours ->
    [one] Lo normal es que te respondamos en una hora.
   *[other] Lo normal es que te respondamos en { $hours } horas.
}
promise-later = Una persona te responde aquí { $day } a partir de las { $time }.
promise-broken = Está tardando más de lo que dije, y lo siento. No te hemos olvidado: una persona te escribirá aquí.
today = hoy
tomorrow = mañana
day-0 = el lunes
day-1 = el martes
day-2 = el miércoles
day-3 = el jueves
day-4 = el viernes
day-5 = el sábado
day-6 = el domingo
day-far = el { $date }
coming-toast = Te atenderá una persona.
amended = Una corrección de lo que te escribí: { $words }
handed-back = { $agent } no puede seguir. Otra persona del equipo toma el relevo y no tienes que repetir nada.
resolved = { $agent ->
    [none] Gracias por darnos la oportunidad de arreglarlo.
   *[other] { $agent } te da las gracias por dejarnos arreglarlo.
} Si queda algo pendiente, escribe aquí.
follow-up = { $name ->
    [none] ¡Hola!
   *[other] ¡Hola, { $name }!
} { $agent ->
    [none] Hablamos hace poco.
   *[other] Hace poco hablaste con { $agent }.
} ¿Va todo bien ahora?
well-yes = Sí, todo bien
well-no = No, todavía no
well-thanks = Me alegra saberlo. Gracias por decírmelo.
well-sorry = { $agent ->
    [none] Lo siento. Aviso otra vez a una persona del equipo.
   *[other] Lo siento. Aviso otra vez a { $agent }.
}

# un regalo de una persona
gift = { $agent ->
    [none] Un regalo de { $shop }
   *[other] Un regalo de { $agent } y { $shop }
}: un cupón de { $money }. Este es tu código:
gift-free = Vale una vez, hasta el { $date }. Sin compromiso: no se espera nada a cambio.

# enlaces
welcome-linked = { $name ->
    [none] ¡Hola, qué bien verte por aquí!
   *[other] ¡Hola, { $name }, qué bien verte por aquí!
} Soy el bot de { $shop }. Te preguntaré qué tal te fue, dos veces como mucho por compra, y puedes escribirme cuando quieras. /stop lo detiene, /privacy dice qué guardamos.
welcome-again = { $name ->
    [none] ¡Hola de nuevo!
   *[other] ¡Hola de nuevo, { $name }!
} Ya tenemos contacto. Escríbeme cuando quieras.
welcome-stranger = ¡Hola! Soy el bot de { $shop }. Pregunto qué tal fue una compra y aviso a una persona siempre que quieras. Para que conozca tu pedido, abre el enlace de la página de tu pedido o envíame su código: start CÓDIGO. O escribe sin más lo que quieras contar.
link-spent = Ese enlace ya se usó. Si fuiste tú, todo está bien: escribe sin más. Si no, una persona puede vincular tu pedido.
link-expired = Ese enlace ya es demasiado antiguo. No pasa nada: escríbeme aquí y una persona puede vincular tu pedido.
link-unknown = No conozco ese enlace. No pasa nada: escríbeme aquí y una persona puede vincular tu pedido.
button-old = Ese botón es de una conversación anterior. Escribe lo que necesites o pide hablar con una persona.

# datos propios
stopped = Hecho. Ya no te preguntaré por tus compras. Puedes seguir escribiendo aquí cuando quieras, y con /resume vuelvo a preguntar.
stopped-already = Ya no te pregunto por tus compras. Puedes seguir escribiendo aquí cuando quieras.
resumed = Qué bien que vuelvas. Desde ahora te preguntaré otra vez qué tal te fue con los pedidos nuevos. /stop lo detiene.
resumed-already = Mis preguntas ya están activadas. Te preguntaré qué tal te fue con tu próxima compra. /stop lo detiene.
help = Soy el bot de { $shop }. Pregunto qué tal fue una compra y aviso a personas que pueden ayudar. Escribe con tus propias palabras cuando quieras. /human avisa a una persona, /preferences muestra sobre qué te escribo, /stop detiene mis preguntas, /mydata muestra qué guardamos, /forget lo borra todo.

privacy = { $shop } guarda tu nombre, tus datos de contacto, tus pedidos, lo que escribimos aquí, tú y nosotros, y, solo si aceptas, pequeñas cosas que conviene recordar, para preguntarte qué tal fue y arreglar lo que haga falta. No se vende nada, y nadie más lo lee. /mydata lo muestra, /stop detiene mis preguntas, /forget lo borra todo.
forget = Esto borra tu nombre, tus datos de contacto, los detalles de tus pedidos y todo lo que escribimos, tú y nosotros: { $orders ->
    [0] toda esta conversación.
    [one] un pedido y toda esta conversación.
   *[other] { $orders } pedidos y toda esta conversación.
} No se puede deshacer.
forget-yes = Sí, borrar todo
forget-no = No, conservarlo
forget-kept = No se ha borrado nada.
farewell = Todo está borrado. No volveré a escribirte. Que te vaya muy bien.
mydata-head = Esto es lo que { $shop } guarda sobre ti:
mydata-name = Nombre: { $name }
mydata-email = Correo: { $email }
mydata-phone = Teléfono: { $phone }
mydata-places = Identificadores: { $places }
mydata-orders = { $orders ->
    [0] Pedidos: ninguno
    [one] Pedidos: uno
   *[other] Pedidos: { $orders }
}
mydata-lines = { $lines ->
    [one] Líneas de conversación: una
   *[other] Líneas de conversación: { $lines }
}
mydata-facts = Recordado con tu permiso: { $words }
mydata-facts-held = Esperando tu sí: { $words }
mydata-questions = { $on ->
    [yes] Mis preguntas: sí (/stop las detiene)
   *[no] Mis preguntas: no (/resume las reactiva)
}
mydata-end = /forget lo borra todo. Una persona puede enviarte el archivo completo.

# el chat del equipo, para la gente de la tienda
desk-claim = Me encargo
desk-resolve = Resolver
desk-handback = Devolver
desk-claimed = { $agent } lleva este caso. Lo que { $agent } escriba aquí llega al cliente; lo que escriba el resto se queda dentro.
desk-resolved = { $agent } ha resuelto este caso.
desk-handed-back = { $agent } ha devuelto el caso. Espera a que alguien se encargue.
desk-reopened = { $agent ->
    [none] El cliente dice que aún no está todo bien. El caso vuelve a estar abierto.
   *[other] { $agent }, el cliente dice que aún no está todo bien. El caso vuelve a ser tuyo.
}
desk-taken = { $agent } ya lleva este caso.
desk-yours = Este caso ya es tuyo.
desk-not-yours = { $agent } lleva este caso. Habla con { $agent } o con la dirección.
desk-unlisted = { $who } aún no está en la lista del equipo. Quien gestiona el bot puede añadir a esta persona con: afterword agents add { $identity }
desk-no-case = Aquí no hay ningún caso abierto. Lo que escribes se queda dentro.
desk-closed = Este caso está resuelto. «Me encargo» (/claim) lo abre de nuevo.
desk-other-open = Este caso está resuelto y hay otro más reciente abierto. Toma ese.
desk-claim-first = Lo que escribes se queda dentro hasta que te encargues del caso.
desk-unknown = No conozco «{ $command }», así que se queda dentro. Conozco: /claim, /resolve, /handback, /note, /unsend, /gift, /card, /upgrade, /mood, /topic, /remember, /unremember, /open, /who, /away, /back.
desk-note-empty = La nota va detrás del comando: /note segunda cremallera de este lote.
desk-noted = Anotado, queda dentro.
desk-mood = Gracias, { $agent }. Anotado, queda dentro: «{ $words }», ánimo { $mood }.
desk-mood-words = Después de /mood va una palabra: unhappy (descontento), fine (neutro) o happy (contento). Por ejemplo: /mood fine
desk-mood-nothing = El cliente aún no ha escrito palabras cuyo ánimo se pueda corregir.
mood-negative = descontento
mood-neutral = neutro
mood-positive = contento
desk-failed = Esto no se pudo entregar: { $why }
desk-unreachable = No se puede contactar con el cliente: { $why }
desk-amend = Enviar la corrección
desk-amend-offer = Su cambio se queda dentro: el cliente sigue leyendo la primera versión.
desk-amend-sent = En camino.
desk-amend-again = No queda nada por enviar: el cliente ya recibe la última versión.
desk-amend-other = Solo { $agent } puede enviarlo, mientras el caso sea suyo.
desk-amended = El cliente ya lee sus palabras corregidas.
desk-amended-anew = Enviado como mensaje nuevo que dice que es una corrección ({ $why }).
desk-somebody = quien lo escribió
desk-unsend = Retirar
desk-unsend-sent = Se está retirando.
desk-unsend-reply = Responda a su propio mensaje con /unsend para retirarlo.
desk-unsend-unknown = Ese mensaje nunca llegó al cliente, así que no hay nada que retirar.
desk-unsend-gift = Un regalo no se retira, así que no se ha retirado nada. Lo dicho antes se puede retirar en la consola.
desk-unsend-other = Solo { $agent } o un responsable puede retirarlo.
desk-unsend-again = Eso ya se ha retirado.
desk-unsend-thing = lo que envió
desk-unsending = { $agent } retira: «{ $words }»
desk-unsent = Retirado: el cliente ya no tiene «{ $words }». El registro lo conserva.
desk-unsend-failed = «{ $words }» no se pudo retirar: { $why }.
desk-partly = Entregado, pero no todo: { $why }
desk-waits = Esto espera, y sale por sí solo en cuanto pueda: { $why }
desk-blocked = No entregado. No se puede contactar con el cliente: nos ha bloqueado, y solo él puede cambiarlo.
desk-unreached = No entregado. No se puede contactar con el cliente: { $why }
desk-reachable = Ya se puede contactar de nuevo con el cliente.
desk-left = El cliente ha borrado todos sus datos. Este caso está cerrado.
desk-console = consola
desk-said = { $agent } ({ $desk }) al cliente:
desk-inside = { $agent } ({ $desk }), interno:
desk-note = { $agent } ({ $desk }), una nota:
desk-changed = { $agent } ({ $desk }) cambió un mensaje, interno:
desk-amending = { $agent } corrige lo que lee el cliente: { $words }
desk-opened = Este caso tiene un hilo nuevo en { $desk }. Empieza con la tarjeta y lo dicho hasta ahora.
desk-lost = { $desk } no se puede usar ahora: { $why }. Este caso sigue aquí: { $places }. Lo que es para { $desk } espera y llegará allí por sí solo.
desk-back = { $desk } se puede usar de nuevo. Lo que esperaba ya está allí.
desk-history = Lo dicho hasta ahora, en breve (🔒 = se quedó dentro):
desk-astray = Este caso sigue en otro hilo. Lo que escriba aquí cuenta igualmente.
desk-edited = { $name } cambió el mensaje: { $words }
desk-who = { $name }, cliente { $customer }. { $value } Identificadores: { $places }.
desk-who-stopped = No quiere que le pregunten por sus compras.
desk-gift = { $agent } ha regalado { $money }: código { $code }, válido hasta el { $date }.
desk-gift-left = Este mes te quedan { $left } de { $budget }.
desk-gift-how = No se ha enviado nada. Escribe la cantidad y luego tus palabras: /gift 20 sentimos lo de la cremallera. De una vez puedes regalar hasta { $money }.
desk-gift-currency = No se ha enviado nada: los regalos son en { $currency }, no en { $other }. Escribe solo la cantidad: /gift 20 sentimos lo de la cremallera.
desk-gift-largest = No se ha enviado nada: { $money } es más de lo que puede valer un regalo. De una vez puedes regalar hasta { $largest }.
desk-gift-over = No se ha enviado nada: { $money } es más de lo que te queda. Tu próximo presupuesto empieza el { $date }.
desk-gift-empty = No se ha enviado nada: en la reserva no hay códigos de { $money }. { $amounts ->
    [none] Está vacía.
   *[other] Hay códigos de: { $amounts }.
} Se añaden más con: «{ $command }».
desk-gift-unreachable = No se ha regalado nada: no se puede contactar con el cliente ({ $why }).
desk-gift-claim = No se ha regalado nada: solo regala quien lleva el caso. Encárgate primero.
desk-gift-not-yours = No se ha regalado nada: { $agent } lleva este caso y solo { $agent } regala aquí.
desk-gift-closed = No se ha regalado nada: este caso está resuelto. «Me encargo» (/claim) lo abre de nuevo y entonces puedes regalar.
desk-gift-no-case = No se ha regalado nada: aquí no hay ningún caso. Escríbelo donde lleves uno.
desk-gift-off = No se ha regalado nada: los regalos están desactivados (gifts.monthly_budget es 0).
desk-gift-failed = El regalo de { $money } no llegó: { $why }. No cuenta en tu presupuesto y su código no se le da a nadie más.
desk-gift-unsure = No es seguro que el regalo de { $money } llegara: { $why }. Su código vale; pregunta al cliente antes de regalar otro.
desk-card = { $agent } pide una tarjeta a la oficina: «{ $words }». Es la tarea { $number }.
desk-upgrade = { $agent } pide una mejora a la oficina: «{ $words }». Es la tarea { $number }.
desk-card-how = No se ha pedido nada. Escribe lo que debe decir la tarjeta: /card disfruta de las botas nuevas, de parte de todo el equipo
desk-upgrade-how = No se ha pedido nada. Escribe qué se debe mejorar: /upgrade envío urgente para el cambio
gesture-coupon = cupón de { $money }
gesture-card = tarjeta
gesture-card-open = tarjeta, pendiente
gesture-upgrade = mejora
gesture-upgrade-open = mejora, pendiente
card-top = Top { $share } %: puesto { $rank } de { $of }, { $money } en { $orders ->
    [one] un pedido
   *[other] { $orders } pedidos
}.
card-value = Puesto { $rank } de { $of }, { $money } en { $orders ->
    [one] un pedido
   *[other] { $orders } pedidos
}.
card-new = Ninguna compra que conozcamos.
card-case = caso { $number }
card-state-open = abierto, aún de nadie
card-state-reopened = abierto otra vez, aún de nadie
card-state-claimed = { $agent ->
    [none] alguien lo lleva
   *[other] lo lleva { $agent }
}
card-state-resolved = { $agent ->
    [none] resuelto
   *[other] resuelto por { $agent }
}
card-label-order = Pedido
card-label-mood = Ánimo
card-label-remembered = Recordado
card-label-given = Regalado
card-label-earlier = Antes
card-customer = cliente { $number }
card-web = chat web
card-cases = { $others ->
    [0] ningún caso anterior
    [one] un caso anterior
   *[other] { $others } casos anteriores
}
card-clock = allí son las { $time } cuando aquí son las { $since }
card-clock-same = allí es la misma hora que aquí
card-well = todo bien de nuevo
card-not-well = aún no está bien
card-unanswered = sin respuesta sobre si todo va bien
card-refunded = reembolsado el { $date }
card-cancelled = cancelado el { $date }
card-delivered = entregado el { $date }
card-paid = pagado el { $date }
card-unreachable = ⛔ { $why ->
    [none] No hay forma de llegar al cliente: no se conoce ningún chat.
   *[other] No hay forma de llegar al cliente: { $why }
}
author-customer = cliente
author-bot = bot
author-agent = agente
mood-mixed = dividido
mood-unknown = no está claro
customer-nameless = Cliente { $number }

# quién va primero, quién se encarga, qué se prometió
urgency-alarm = alarma
urgency-angry = enfadado
urgency-unhappy = descontento
urgency-asked = pide una persona
urgency-unclear = no está claro
urgency-calm = tranquilo
urgency-top = cliente de los mejores
urgency-answered = tiene respuesta
urgency-new = acaba de llegar
urgency-waits = espera { $wait }
urgency-before = { $words }: antes que { $others ->
    [one] otra persona
   *[other] otras { $others }
}
card-reply = respuesta prometida hasta { $time }
card-late-reply = la respuesta se prometió hasta { $time }
card-resolution = por resolver hasta { $time }
card-late-resolution = debía resolverse hasta { $time }
offer-knows = ofrecido a { $agent }: conoce a este cliente
offer-language = ofrecido a { $agent }: habla { $tongue }
offer-skill = ofrecido a { $agent }: sabe de { $skill }
offer-next = ofrecido a { $agent }: es su turno
offer-all = para todos
offer-later = se ofrece cuando abramos
offer-manager = { $agent ->
    [none] para todos, sigue sin asignar
   *[other] para todos, sigue sin asignar: { $agent }
}
desk-offer = { $agent }, este caso se te ofrece. Cualquiera puede tomarlo.
desk-offer-all = Nadie se ha encargado todavía. Ahora es para todos.
desk-offer-manager = { $agent ->
    [none] Sigue sin encargarse nadie.
   *[other] { $agent }, sigue sin encargarse nadie.
} { $name } espera { $wait }.
desk-warning-first-reply = ⏳ { $agent ->
    [none] { $name } espera
   *[other] { $agent }, { $name } espera
} desde { $since } ({ $wait }) la primera respuesta, prometida hasta { $time }.
desk-warning-next-reply = ⏳ { $agent ->
    [none] { $name } espera
   *[other] { $agent }, { $name } espera
} desde { $since } ({ $wait }) una respuesta, prometida hasta { $time }.
desk-warning-resolution = ⏳ { $agent ->
    [none] El caso de { $name } está abierto
   *[other] { $agent }, el caso de { $name } está abierto
} desde { $since } ({ $wait }). Debe resolverse hasta { $time }.
desk-breach-first-reply = ⚠️ { $agent ->
    [none] { $name } espera
   *[other] { $agent }, { $name } espera
} desde { $since } ({ $wait }). La primera respuesta se prometió hasta { $time }.
desk-breach-next-reply = ⚠️ { $agent ->
    [none] { $name } espera
   *[other] { $agent }, { $name } espera
} desde { $since } ({ $wait }). Se prometió una respuesta hasta { $time }.
desk-breach-resolution = ⚠️ { $agent ->
    [none] El caso de { $name } está abierto
   *[other] { $agent }, el caso de { $name } está abierto
} desde { $since } ({ $wait }). Debía resolverse hasta { $time }.
desk-left-team = { $agent } ya no está en el equipo. El caso espera a que alguien se encargue.
presence-head = Quién está:
presence-line = { $name }: { $state }, { $held ->
    [0] ningún caso abierto
    [one] un caso abierto
   *[other] { $held } casos abiertos
}
presence-here = aquí
presence-hours = fuera de su horario
presence-silent = sin noticias desde hace { $wait }
presence-away = { $time ->
    [none] ausente
   *[other] ausente hasta { $time }
}
presence-gone = { $time ->
    [none] { $agent } está ausente hasta /back.
   *[other] { $agent } está ausente hasta { $time }, o hasta /back.
} Los casos van antes a otras personas.
presence-back = { $agent } está de vuelta.
presence-how = Después de /away no va nada, o va una hora o una duración. Por ejemplo: /away until 14:00, o /away 2h

# lo que se recuerda, con permiso
memory-ask = ¿Podemos recordar pequeñas cosas que nos cuentas, como una talla o un nombre, para que no tengas que decirlas dos veces? Solo lo lee la gente de { $shop }, y caduca por sí solo. Puedes terminarlo cuando quieras con /privacy, y /mydata lo muestra.
memory-yes = Sí, recordarlo
memory-no = No, gracias
memory-yes-thanks = Gracias. Lo tenemos presente, y /privacy lo termina cuando quieras.
memory-no-thanks = De acuerdo, no se recuerda nada de eso.
memory-start = Podéis recordar cosas
memory-stop = No recordar nada más
memory-none = Todavía no se recuerda nada de este cliente. Por ejemplo: /remember talla 41
memory-head = Lo que se recuerda de { $name }:
memory-line = { $place }. { $words } ({ $agent }, hasta el { $date })
memory-line-held = { $place }. { $words } ({ $agent }, espera el sí del cliente)
memory-off = No se ha guardado nada: aquí no se recuerda (memory.keep es 0s).
memory-when = No se ha guardado nada. Escribe un día futuro y después las palabras: /remember until 2027-03-01 talla 41
memory-long = No se ha guardado nada: como máximo { $most } caracteres, por favor.
memory-full = No se ha guardado nada: ya se recuerdan { $most } cosas. Quita una con /unremember 1
memory-refused = No se ha guardado nada: el cliente no quiere que se recuerden cosas.
memory-unreachable = No se ha guardado nada: el cliente tiene que aceptar antes, y no hay forma de llegar a él.
memory-held = En espera: «{ $words }». Se le ha preguntado al cliente; con un sí se guarda, con un no se descarta.
memory-kept = { $agent } lo tiene presente: «{ $words }», hasta el { $date }.
memory-which = Escribe el número después del comando: /unremember 1
memory-gone = Eso ya no se recuerda.
memory-dropped = { $agent } ha quitado «{ $words }». Ya no se recuerda.
memory-agreed-yes = El cliente acepta: lo que estaba en espera queda guardado.
memory-agreed-no = El cliente no quiere que se recuerden cosas: todo eso se ha borrado, y no se guarda nada más.
memory-unanswered = El cliente no respondió, así que «{ $words }» se ha descartado.

# cómo se leyeron las palabras, corregido
desk-tap-neutral = 😊 No está descontento
desk-tap-negative = 🙁 Sí está descontento
desk-tap-topic = 🏷 Tema…
desk-tap-done = Listo
desk-mood-already = Ya está anotado así: { $mood }.
desk-topic = Gracias, { $agent }. Anotado, queda dentro: «{ $words }» { $topics ->
    [none] no trata de ninguno de los temas.
   *[other] trata de: { $topics }.
}
desk-topic-words = Después de /topic va de qué tratan las últimas palabras, o - si de ningún tema. Conozco: { $topics }. Por ejemplo: /topic entrega
desk-topic-now = { $topics ->
    [none] Anotado: ninguno de los temas.
   *[other] Anotado: { $topics }.
}
topic-delivery = entrega
topic-quality = calidad
topic-size = talla
topic-price = precio
topic-service = atención
topic-product = producto
topic-website = web
topic-returns = devolución
topic-packaging = embalaje
topic-taste = sabor

# qué tal fue la ayuda
help-ask = { $agent ->
    [none] ¿Y qué tal fue la ayuda?
   *[other] ¿Y qué tal fue la ayuda de { $agent }?
} Un toque, solo si te apetece.
help-good = 👍 Buena
help-fair = 👌 Regular
help-poor = 👎 No fue buena
help-thanks = Gracias, eso nos ayuda.
help-sorry = Gracias por decirlo con franqueza, y lo siento. Si quieres hablar de ello, tienes a una persona a un toque.

# primeras frases para los agentes
desk-openers = Podrías empezar así (copia y cambia lo que quieras):
open-hello = { $name ->
    [none] Hola
   *[other] Hola, { $name }
}{ $agent ->
    [none] .
   *[other] , soy { $agent }.
}
open-loss = Siento muchísimo tu pérdida.
open-danger = He leído lo que has escrito, y va antes que todo lo demás.
open-legal = He leído lo que has escrito y me lo tomo en serio.
open-serious = He leído lo que has escrito y me lo tomo en serio.
open-again = { $item ->
    [none] Veo que todavía no está bien. Siento que tengas que contárnoslo otra vez.
   *[other] Veo que «{ $item }» todavía no está bien. Siento que tengas que contárnoslo otra vez.
}
open-sorry-delivery = Siento los problemas con la entrega.
open-sorry-quality = Siento que la calidad no sea la que debería.
open-sorry-size = Siento que la talla no sea la correcta.
open-sorry-price = Siento que el precio no te parezca justo.
open-sorry-service = Siento cómo te hemos tratado.
open-sorry-website = Siento los problemas con nuestra web.
open-sorry-returns = Siento los problemas con la devolución.
open-sorry-packaging = Siento lo del embalaje.
open-sorry-taste = Siento que el sabor no sea el que esperabas.
open-sorry-product = Siento que no sea lo que debería.
open-sorry-words = { $item ->
    [none] He leído lo que has escrito, y lo siento.
   *[other] He leído lo que has escrito sobre «{ $item }», y lo siento.
}
open-sorry-rating = { $item ->
    [none] He visto tu valoración, y lo siento.
   *[other] He visto tu valoración de «{ $item }», y lo siento.
}
open-sorry = Siento que no haya ido bien.
open-asked = Has pedido una persona, y aquí estoy.
open-read = { $item ->
    [none] He leído lo que has escrito.
   *[other] He leído lo que has escrito sobre «{ $item }».
}
open-thanks = { $item ->
    [none] Gracias por tu respuesta.
   *[other] Gracias por tu respuesta sobre «{ $item }».
}
open-waited = Siento que hayas tenido que esperar esta respuesta.
open-ask-loss = ¿Hay algo de lo que podamos encargarnos por ti? No hay prisa.
open-ask-safe = ¿Estás bien ahora?
open-ask-help = ¿En qué puedo ayudarte?
open-ask-right = ¿Qué te parecería una buena solución?
open-ask-better = ¿Hay algo que podamos hacer mejor?
open-ask-delivery = ¿Ha llegado algo ya, y adónde debe ir?
open-ask-quality = ¿Podrías enviarme una foto?
open-ask-size = ¿Qué talla te quedaría bien?
open-ask-price = ¿Qué te parecería justo?
open-ask-website = ¿Dónde se quedó parado, y con qué dispositivo?
open-ask-returns = ¿Lo has devuelto ya, y cuándo?
open-ask-packaging = ¿Se dañó lo que había dentro?

# el equipo en privado
staff-help = Eres del equipo de { $shop }. Aquí respondo a /summary (today, 7d, 30d, 90d), /digest (daily, weekly, off) y /queue. /away y /back dicen si estás, y /login te lleva a la consola.
staff-agent-help = Eres del equipo de { $shop }. Aquí respondo a /queue. /away y /back dicen si estás, y /login te lleva a la consola. Los casos llegan al chat del equipo.
staff-period = Conozco estos períodos: today, 7d, 30d, 90d. Por ejemplo: /summary 7d
staff-login = Tu entrada a la consola, para un solo uso en los próximos diez minutos: { $link }

# resumen
summary-head = { $shop }, { $period }
summary-period-today = hoy
summary-period-7d = los últimos 7 días
summary-period-30d = los últimos 30 días
summary-period-90d = los últimos 90 días
summary-asks = Preguntas entregadas: { $asks }, respondidas: { $rate }. Clientes que respondieron: { $answered } de { $asked }.
summary-rating = Valoración media: { $rating }. Satisfechos (4 o 5): { $csat }.
summary-unhappy = Descontentos: { $unhappy }, { $share }. Ánimo de −1 a 1: { $mood }.
summary-cases = Casos abiertos: { $opened }, resueltos: { $resolved }, en curso: { $open }.
summary-first = Primera respuesta de una persona, mediana: { $time }.
summary-few = muy pocos para saberlo (n = { $n })
summary-of = { $value } (n = { $n })
summary-recovery = Clientes descontentos recuperados por una persona: { $rate }.
summary-period-days = { $since } a { $until }
summary-of-before = { $value } (n = { $n }; antes { $before })
chart-answers = Respuestas: { $answers }. Descontentos: { $unhappy }.
chart-ratings = Valoraciones: { $rated }
chart-unhappy = descontentos
chart-others = los demás

# digests and alerts
digest-daily = Recibes un resumen cada día a las { $time } ({ $zone }). /digest off lo termina.
digest-weekly = Recibes un resumen cada semana, { $day } a las { $time } ({ $zone }). /digest off lo termina.
digest-off = No habrá más resúmenes. /digest daily o /digest weekly los trae de vuelta.
digest-none = Todavía no recibes ningún resumen. /digest daily o /digest weekly 8:00 lo empieza.
digest-how = Conozco /digest daily, /digest weekly y /digest off, con hora y zona horaria si quieres. Por ejemplo: /digest daily 8:00 Europe/Madrid
digest-changed = Lo que ha cambiado claramente:
digest-change = { $what }: { $now } (antes { $before })
digest-unchanged = Nada ha cambiado claramente.
digest-topic = Mensajes descontentos sobre { $name }
digest-needs = Lo que te necesita: casos que nadie ha tomado: { $waiting }. Promesas no cumplidas: { $late }. /queue muestra quién espera.
digest-all-well = Nada te espera: cada caso tiene a alguien y cada promesa se cumplió.
digest-themes = Los clientes hablan más de: { $words }
digest-voices = En sus palabras:
digest-quote = «{ $words }»
figure-recovery = Recuperados
figure-csat = Satisfechos
figure-unhappy_share = Descontentos
figure-response_rate = Tasa de respuesta
alert-unhappy = { $shop }: más respuestas descontentas de lo normal. { $hits } de { $of } en las últimas 24 horas ({ $share }); normalmente { $usual }. /summary today muestra más.
alert-topic = { $shop }: más quejas sobre { $name } de lo normal. { $hits } de { $of } mensajes en las últimas 24 horas ({ $share }); normalmente { $usual }.
alert-late = { $shop }: promesas no cumplidas en las últimas 24 horas: { $hits }. /queue muestra quién espera.
alert-product = { $shop }: más respuestas descontentas sobre { $name } que de costumbre. { $hits } de { $of } desde ayer ({ $share }); normalmente { $usual }.
alert-about-delivery = la entrega
alert-about-packaging = el embalaje
alert-about-price = el precio
alert-about-product = el producto
alert-about-quality = la calidad
alert-about-returns = las devoluciones
alert-about-service = el servicio
alert-about-size = la talla
alert-about-taste = el sabor
alert-about-website = el sitio web

# un solo mensaje a quienes les toca, desde debajo de un aviso
seize-button = Escribir a quienes les toca
seize-write = Un solo mensaje, a { $whom }. Escríbelo aquí como lo dirías; { $first } y { $thing } son su nombre y lo que compraron. Lo verás, y a quién llega, antes de que salga nada.
seize-ready = Usar palabras preparadas
seize-drop = Dejarlo
seize-dropped = Dejado. No sale nada. El botón debajo del aviso vale durante un día.
seize-over = Ese aviso tiene más de un día: el momento ha pasado. `afterword campaigns send FILE` escribe a quien quieras en cualquier momento.
seize-already = { $who } ya ha respondido a este aviso. Con un mensaje basta.
seize-newer = Desde entonces has escrito o elegido algo más nuevo. Valen los botones debajo de la última vista previa.
seize-wrong = Así no puede salir: hasta { $most } letras, y entre llaves solo { $places }.
seize-send = Enviar
seize-to-told = A quienes nos lo dijeron
seize-to-bought = A todos los que compraron hace poco
seize-offer = También ofrece algo
seize-help = Solo ayuda
seize-told-unhappy = quienes estaban descontentos en los últimos dos días
seize-told-topic = quienes se quejaron en los últimos dos días (tema: { $about })
seize-told-product = quienes estaban descontentos con { $about } en los últimos dos días
seize-bought-any = todos los que compraron en los últimos siete días
seize-bought-product = todos los que compraron { $about } en los últimos 30 días
seize-preview =
    A { $whom }:

    «{ $words }»
seize-now = Enseguida: { $number }.
seize-later = Más tarde: { $number } ({ $why }).
seize-never = No: { $number } ({ $why }).
seize-helps = Sale una vez, dentro de todos los límites. Responde a lo que compraron o dijeron, y por eso no necesita consentimiento para consejos y novedades; quien no quiso ninguno no lo recibe.
seize-offers = Sale una vez, dentro de todos los límites, y solo a quienes aceptaron consejos y novedades.
seize-sent = Está en camino. La página «Program» de la consola muestra cómo va; `afterword campaigns stop { $campaign }` lo detiene.
seize-told = { $who } envía un mensaje a { $whom }: «{ $words }»
seize-words-unhappy = Hola { $name }, estos días no todo va con nosotros tan bien como debería. Lo sentimos. En { $shop } hay personas trabajando en ello; escribe aquí si algo no va bien para ti.
seize-words-topic = Hola { $name }, varias personas nos han contado problemas estos días (tema: { $about }). Lo sentimos. En { $shop } hay personas trabajando en ello; escribe aquí si algo no va bien para ti.
seize-words-product = Hola { $name }, varias personas nos han contado estos días problemas con { $about }. Lo sentimos. En { $shop } hay personas trabajando en ello; escribe aquí si algo no va bien con lo tuyo.
seize-why-opted-out = no quieren mensajes
seize-why-wants-none = no quieren consejos ni novedades
seize-why-not-agreed = nunca aceptaron consejos y novedades
seize-why-level = con ellos el programa no llega tan lejos
seize-why-case = una persona se ocupa de ellos ahora
seize-why-after-case = poco después de un caso
seize-why-lately = han sabido de nosotros hace poco
seize-why-quiet = donde viven es de noche
seize-why-holiday = donde viven es festivo
seize-why-no-channel = no hay manera de llegar a ellos
seize-why-refunded = reembolsado o cancelado
seize-why-care = se les deja en paz tras palabras graves o de enfado

# the queue
queue-head = { $count ->
    [0] Nadie está esperando.
    [one] Un caso abierto:
   *[other] { $count } casos abiertos, los más urgentes primero:
}
queue-line = { $name }: { $reasons } · { $owner ->
    [none] sin asignar
   *[other] { $owner }
} · { $urgency }
time-s = { $n } s
time-m = { $n } min
time-h = { $n } h
time-d = { $n ->
    [one] 1 día
   *[other] { $n } días
}

# lo que trae una relación: gracias, mensajes, lo que cada uno quiere recibir
welcome-basic = { $name ->
    [none] ¡Hola, qué bien verte por aquí!
   *[other] ¡Hola, { $name }, qué bien verte por aquí!
} Soy el bot de { $shop }. Escríbeme cuando necesites algo; siempre hay una persona cerca. /stop lo termina, /privacy dice qué guardamos.
welcome-reactive = { $name ->
    [none] ¡Hola, qué bien verte por aquí!
   *[other] ¡Hola, { $name }, qué bien verte por aquí!
} Soy el bot de { $shop }. Cuéntame cuando quieras cómo va, bien o mal: se lee y se responde. /stop lo termina, /privacy dice qué guardamos.
ask-thanks = Como agradecimiento recibes un cupón de { $money }, respondas lo que respondas.
review-link = Si quieres contar a otros cómo fue, este es el lugar, digas lo que digas: { $link }
reward-answer = { $name ->
    [none] Gracias por tu respuesta.
   *[other] Gracias por tu respuesta, { $name }.
} Como prometí, dijeras lo que dijeras: un cupón de { $money }. Este es tu código:
reward-purchase = { $name ->
    [none] Esta fue tu compra número { $number } con nosotros. ¡Gracias por volver!
   *[other] { $name }, esta fue tu compra número { $number } con nosotros. ¡Gracias por volver!
} Aquí tienes un cupón de { $money }. Tu código:
reward-anniversary = { $name ->
    [none] Tal día como hoy compraste por primera vez en { $shop }.
   *[other] { $name }, tal día como hoy compraste por primera vez en { $shop }.
} Gracias por seguir con nosotros. Aquí tienes un cupón de { $money }. Tu código:
reward-ends = { $name ->
    [none] Un pequeño recordatorio:
   *[other] { $name }, un pequeño recordatorio:
} tu cupón de { $money } vale hasta el { $date }. Si no lo necesitas, déjalo pasar. Tu código:
invite = Una pregunta más, y un no está bien: ¿puedo escribirte de vez en cuando con consejos sobre lo que compraste y novedades de { $shop }?
invite-yes = Sí, por favor
invite-no = No, gracias
outreach-partner = Esto viene de { $shop } junto con { $partner }, que es nuestro socio y también gana con ello.
useful-yes = 👍 Me sirve
useful-no = 👎 No es para mí
useful-yes-thanks = Me alegro. Si tienes una pregunta sobre esto, escríbeme.
useful-no-thanks = Gracias, eso ayuda. Escribiré menos de este tipo.
no-more = No más de estos
preferences = Sobre esto te escribo. Un toque lo cambia, y vale en el acto.
preferences-tap = Mi elección
prefer-questions-on = Preguntas sobre compras: sí. Desactivar
prefer-questions-off = Preguntas sobre compras: no. Activar
prefer-gifts-on = Regalos y cupones: sí. Desactivar
prefer-gifts-off = Regalos y cupones: no. Activar
prefer-outreach-on = Consejos y novedades: sí. Desactivar
prefer-outreach-off = Consejos y novedades: no. Activar
prefer-partners-on = Ofertas con socios: sí. Desactivar
prefer-partners-off = Ofertas con socios: no. Activar
preferred-questions-on = Hecho. Volveré a preguntarte cómo fue una compra.
preferred-questions-off = Hecho. Ya no te preguntaré por tus compras.
preferred-gifts-on = Hecho. Cuando haya un regalo para ti, te lo envío aquí.
preferred-gifts-off = Hecho. Ya no te enviaré regalos ni cupones.
preferred-outreach-on = ¡Gracias! Te escribiré de vez en cuando con consejos y novedades, nunca a menudo. /preferences lo cambia cuando quieras.
preferred-outreach-off = Hecho. Ni consejos ni novedades de mi parte. /preferences muestra todo lo demás.
preferred-partners-on = Hecho. También te contaré las ofertas que hacemos con socios, y siempre diré quiénes son.
preferred-partners-off = Hecho. No habrá más ofertas con socios.
staff-campaign-stopped = La campaña «{ $campaign }» se ha parado: { $why }. No sale nada más de ella. `afterword campaigns report { $campaign }` muestra las cifras, `afterword campaigns start { $campaign }` la vuelve a poner en marcha.
