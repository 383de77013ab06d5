"""Spanish: the common complaints, praise and intents of shop customers."""

from __future__ import annotations

from sentiment.lexicon.block import Block
from sentiment.verdict import Intent

_ES = "es"
_ORDER = (Intent.WHERE_IS_ORDER,)

COMPLAINTS = (
    Block(
        _ES,
        -0.95,
        """estafa, estafador*, timo, fraude, ladrones, robo, nunca mas, jamas ~ (comprar*|volver*), no vuelvo a
        (comprar|pedir), no volvere a (comprar|pedir), no compren, una verguenza, verguenza, basura, mierda,
        porqueria, asco, asqueros*, pesim*, lo peor, peor, un desastre, desastre, vergonzos*, tirar el dinero,
        dinero tirado, inaceptable, gracias por nada""",
    ),
    Block(
        _ES,
        -0.85,
        """mal, malo, mala, malos, malas, malisim*, fatal, horrible*, terrible*, decepcion*, decepcionad*,
        descontent*, insatisfech*, enfadad*, enojad*, molest*, harto, harta, furios*, no estoy
        (contento|contenta|satisfecho|satisfecha|feliz), no me gusta, no me gusto, no me ha gustado, no lo
        recomiendo, no recomiendo, no recomendable, no vale [la pena|nada], no sirve*, inutil*, queja,
        quejarme, reclamacion, reclamo, reclamar, lamentable*, deficiente, mala calidad, arrepient*, engan*,
        mentira, mentiros*, odio""",
    ),
    Block(
        _ES,
        -0.9,
        """roto, rota, rotos, rotas, rompio, se (rompe|rompio|ha roto), danad*, defectuos*, estropead*, averiad*,
        no funciona*, no funciono, no anda, no enciende*, no carga, dejo de funcionar, ha dejado de funcionar,
        golpead*, aplastad*, rajad*, rasgad*, manchad*, caducad*, podrid*, falta, faltan, incompleto,
        incompleta, vacio, vacia, falso, falsificado, despego""",
        topic="quality",
    ),
    Block(
        _ES,
        -0.85,
        """equivocad*, erroneo, erronea, incorrect*, talla equivocada, no es lo que (pedi|compre| esperaba), no
        era lo que, otro producto, diferente a lo (que)""",
        topic="product",
    ),
    Block(
        _ES,
        -0.9,
        """no (llega|llego|llegan|llegaron|ha llegado|han llegado), nunca (llego| llegaron|recibi), no (recibi|he
        recibido|recibo), sigo esperando, todavia (no|espero| esperando), aun (no|espero|esperando), sigue sin
        (llegar|funcionar), donde esta* ~ (pedido| paquete|envio|compra|dinero|botas|zapatos), donde esta mi,
        llevo ~ esperando, perdido, perdieron""",
        intents=_ORDER,
        topic="delivery",
        firm=True,
    ),
    Block(
        _ES,
        -0.7,
        """tarde, retraso, retrasos, retrasad*, demora*, demasiado tiempo, muy lento, lento, lenta, tardo
        [mucho], tardaron""",
        topic="delivery",
    ),
    Block(
        _ES,
        -0.6,
        """(demasiado|muy) (pequeno|pequena|grande|estrecho|estrecha|ajustado|corto|largo), me queda ~
        (pequeno|grande|mal), no me (queda|vale|sirve|entra)""",
        topic="size",
    ),
    Block(
        _ES,
        -0.7,
        "muy caro, demasiado caro, carisimo, caro, cara, cobraron (dos veces|doble), me cobraron",
        topic="price",
    ),
    Block(
        _ES,
        -0.85,
        """nadie (responde|contesta|ayuda|atiende|me), no (responden|contestan|ayudan|atienden|
        responde|contesta), sin respuesta, ninguna respuesta, grosero*, maleducad*, mala atencion, mal
        servicio, pesimo servicio, me ignoran""",
        topic="service",
    ),
    Block(
        _ES,
        -0.9,
        """reembols*, devuelvan [me] [el|mi] dinero, devolver el dinero, devolucion del dinero, mi dinero, quiero
        mi dinero, devuelvanme""",
        intents=(Intent.REFUND,),
        topic="returns",
        firm=True,
    ),
    Block(
        _ES,
        -0.5,
        "devolver*, devolucion, cambiar la talla, cambiarlo, cambio de talla",
        intents=(Intent.RETURN,),
        topic="returns",
        firm=True,
    ),
    Block(
        _ES, -0.5, """cancelar, cancelen, cancela, anular, anulen, cancelacion""", intents=(Intent.CANCEL,), firm=True
    ),
    Block(
        _ES,
        -0.5,
        """problema*, podria (ser|estar) mejor, esperaba (mas|mejor), regular, mediocre*, nada (especial|del otro
        mundo), mas o menos, que pena, una pena, quejas""",
    ),
    Block(
        _ES,
        -0.7,
        """(web|pagina|app|aplicacion|enlace|sitio) ~ (no funciona|no carga|caida|falla|error), no puedo
        (entrar|acceder|iniciar sesion|pagar), mensaje de error""",
        intents=(Intent.BUG,),
        topic="website",
    ),
)

PRAISE = (
    Block(
        _ES,
        0.9,
        """perfecto, perfecta, perfectos, perfectas, excelente*, excelent*, fantastic*, maravill*, estupend*,
        increible*, espectacular*, genial*, encantad*, me encanta*, me encanto, nos encanta*, buenisim*,
        delicios*, impecable*, inmejorable*, fenomenal, la mejor, el mejor, super contento, super contenta,
        muy (contento|contenta|satisfecho|satisfecha|feliz|bueno| buena|bien|bonito|bonita|rapido|amable),
        muchas gracias, mil gracias, de maravilla, lo recomiendo, recomiendo, recomendable, cinco estrellas,
        precios*""",
    ),
    Block(
        _ES,
        0.65,
        """bien, bueno, buena, buenos, buenas, buen, contento, contenta, contentos, satisfech*, feliz, bonito,
        bonita, rapido, rapida, rapidos, amable*, atento, comodo, comoda, comodos, rico, rica, me gusta*, me
        gusto, me ha gustado, nos gusta, todo bien, todo (perfecto|correcto|ok), correcto, funciona, funciona
        bien, llego (bien|a tiempo|rapido), a tiempo, puntual*, calidad precio, no esta [nada] mal, nada mal,
        sin problema*, ningun problema, ninguna queja, sin quejas, sin queja, mejor, agradecid*, gracias,
        barato""",
    ),
)

OTHER = (
    Block(
        _ES,
        0.0,
        """no solo, buenos dias, buenas tardes, buenas noches, numero de pedido, muy buenas, cuanto
        (cuesta|tarda|tiempo), llego (ayer|hoy), (ayer|hoy) llego, todavia no lo he (probado|usado), aun no lo
        he (probado|usado)""",
    ),
    Block(
        _ES,
        0.0,
        "cuando (llega|llegara|llegan|llegaran|me llega), numero de seguimiento, seguimiento",
        intents=_ORDER,
        topic="delivery",
    ),
    Block(
        _ES,
        0.0,
        """(hablar|comunicarme|contactar|chatear) con ~ (persona|humano|agente|alguien|asesor|
        encargado|operador|responsable|gerente|representante), persona (real|de verdad), un humano,
        (pueden|puede|puedes|podrian|podria) ~ (llamarme|llamar|llamarnos), (llamame|llamenme|llameme), que me
        llame*, alguien ~ llam*, quiero (un agente|una persona), no un (bot|robot), agente por favor""",
        intents=(Intent.PERSON,),
        firm=True,
    ),
    Block(_ES, 0.0, "humano, persona, agente, una persona, asesor, operador", intents=(Intent.PERSON,), whole=True),
    Block(
        _ES,
        0.0,
        """(darme|dame|denme|dadme|deme) de baja, no me (escriba*|escriban|escribas|escribais|
        manden|mandes|envien|envies|contacten|molesten|molestes) [mas], (dejen|deja|dejad|deje) de
        (escribirme|enviarme|mandarme|molestarme|molestar|escribir), no quiero (recibir|mas) ~
        (mensajes|correos|encuestas), no quiero mas mensajes, cancelar la suscripcion""",
        intents=(Intent.STOP,),
        firm=True,
    ),
    Block(
        _ES,
        0.0,
        "baja, parar, para, alto, basta, stop, no mas mensajes, detener, no mas",
        intents=(Intent.STOP,),
        whole=True,
    ),
    Block(
        _ES, 0.0, """alta, reanudar, volver a empezar, suscribir, suscribirme""", intents=(Intent.RESUME,), whole=True
    ),
    Block(
        _ES,
        -0.9,
        """herid*, lesion*, lastim*, quemadura*, quemo, quemado, quemada, me queme, alerg*, sarpullido,
        erupcion, hospital, urgencias, ambulancia, al medico, el medico, sangr*, sangrando, humo, fuego,
        incendio, incendi*, exploto, explosion, chispas, descarga electrica, intoxica*, envenen*, vomit*, me
        puse (malo|mala|enfermo|enferma), la piel ~ (roja|irritada), piel irritada, ahog*, peligros*,
        suicid*, matarme""",
        intents=(Intent.SAFETY, Intent.DANGER),
        firm=True,
    ),
    Block(
        _ES,
        -0.8,
        """abogad*, demanda, demandar*, denuncia*, policia, acciones legales, vias legales, consumo, tribunal*""",
        intents=(Intent.SAFETY, Intent.LEGAL),
        firm=True,
    ),
    Block(
        _ES,
        -0.4,
        "murio, fallecio, fallecid*, fallecimiento, ha muerto, funeral, entierro, de luto",
        intents=(Intent.SAFETY, Intent.BEREAVEMENT),
        firm=True,
    ),
    Block(
        _ES,
        0.0,
        """vale, si, no, de acuerdo, esta bien, entendido, ok gracias, vale gracias, claro, asi asi, no se, no
        gracias, si gracias, quizas, todavia no, aun no""",
        intents=(Intent.ACKNOWLEDGE,),
        whole=True,
    ),
    Block(
        _ES,
        0.3,
        "gracias, muchas gracias, mil gracias, muchisimas gracias, gracias a todos",
        intents=(Intent.THANKS,),
        whole=True,
    ),
    Block(
        _ES,
        0.0,
        "hola, buenos dias, buenas tardes, buenas noches, buenas, hola buenas, saludos",
        intents=(Intent.GREETING,),
        whole=True,
    ),
)

TOPICS = {
    "delivery": "envio entrega pedido paquete transporte repartidor mensajero llego llegado correos",
    "quality": "calidad material tela costura cremallera suela cuero",
    "size": "talla tallas tamano pequeno pequena grande estrecho",
    "price": "precio precios caro cara barato barata coste dinero",
    "service": "servicio atencion soporte personal vendedor amable atentos",
    "product": "producto articulo zapatos botas chaqueta vestido camisa bolso telefono color",
    "website": "web pagina sitio app aplicacion cuenta",
    "returns": "devolucion devoluciones reembolso cambio",
    "packaging": "embalaje caja paquete envuelto empaquetado",
    "taste": "sabor sabe rico rica delicioso cafe comida",
}

BLOCKS = (*OTHER, *COMPLAINTS, *PRAISE)
