"""Personal data out of a customer's words, before a manager reads them as a quote: rather too much than too little.

Names, e-mails, phone numbers, order, card and account numbers, addresses and links become words in brackets. Names are
found where they are known (the customer, the people of the shop) or where somebody introduces or signs themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

EMAIL, PHONE, NUMBER, ADDRESS, LINK, NAME = "[e-mail]", "[phone]", "[number]", "[address]", "[link]", "[name]"

_EMAIL = re.compile(
    r"[\w.+%-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\s?\.\s?[a-z]{2,24}|\.[\w-]{1,63}){1,4}", re.IGNORECASE
)
_LINK = re.compile(r"\b(?:https?://|www\.)\S{1,300}|@[A-Za-z]\w{3,31}\b", re.IGNORECASE)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b")
_PHONE = re.compile(
    r"(?<![\w.,])(?!\d{4}-\d\d-\d\d(?!\d))(?:\+|00)?\(?\d(?:[ \t().\-/\u00a0]{0,2}\d){6,16}(?!\w|[.,]\d)"
)
_ORDER = re.compile(
    r"(?:(?<!\w)[#№]\s?|\b(?:order|bestellung|bestellnummer|auftrag|rechnung|invoice|pedido|factura|commande|facture|"
    r"tracking|sendung|ticket|kundennummer|customer|cliente|client|case|ref|reference|nr|no|num|numero|número|numéro)"
    r"\.?\s{0,2}(?:number|nummer|nr|no|id|num|numero|número|numéro|code|n°|nº|°|#)?\.?\s{0,2}[:#]?\s{0,2})"
    r"(?=[\w-]*\d)[A-Z0-9][\w-]{2,24}\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"\b(?=[A-Z0-9-]*\d[A-Z0-9-]*\d[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9][A-Z0-9-]{5,30}\b|\b\d{5,}\b")
_STREET = (
    r"street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|square|court|way|"
    r"straße|strasse|str|weg|platz|allee|gasse|ring|ufer|damm"
)
_NUMBER_FIRST = re.compile(
    rf"\b\d{{1,5}}\s?[a-z]?,?\s(?:[A-ZÄÖÜÉÈ][\w'’.-]{{1,30}}\s){{1,4}}(?:{_STREET})\b\.?"
    r"|\b\d{1,4}\s?(?:bis|ter)?,?\s(?:rue|avenue|av|boulevard|bd|place|chemin|impasse|allée|quai|route|cours)\.?"
    r"(?:\s(?:de|du|des|la|le|les|l['’]|d['’]))*\s?[\w'’-]{2,30}(?:\s[A-ZÉ][\w'’-]{1,30}){0,3}",
    re.IGNORECASE,
)
_NUMBER_LAST = re.compile(
    r"\b[A-ZÄÖÜ][\wäöüß.-]{1,40}(?:[Ss]traße|[Ss]trasse|[Ss]tr\.|[Ww]eg|[Pp]latz|[Aa]llee|[Gg]asse|[Uu]fer|[Dd]amm)"
    r"\s\d{1,4}\s?[a-z]?\b"
    r"|\b[A-ZÄÖÜ][\wäöüß-]{1,30}\s(?:Straße|Strasse|Str\.|Weg|Platz|Allee|Gasse|Ring|Ufer|Damm)\s\d{1,4}\s?[a-z]?\b"
    r"|\b(?:[Cc]alle|[Aa]venida|[Aa]vda\.?|[Pp]laza|[Pp]aseo|[Cc]amino|[Rr]onda|C/)\s?"
    r"(?:(?:de|del|la|las|los|el)\s){0,3}[\w'’-]{2,30}(?:\s[A-ZÁÉÍÓÚÑ][\w'’-]{1,30}){0,3},?\s(?:n[º°.]?\s?)?\d{1,4}\b"
)
_POSTCODE = re.compile(
    r"\b(?:[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|(?:[A-Z]{1,2}-)?\d{5}(?:-\d{4})?\s+[A-ZÄÖÜÉ][\wäöüéèñ-]{2,30})\b"
)
_INTRODUCED = re.compile(
    r"(?i:\b(?:my name is|my name's|i am called|i am|i'm|i’m|"
    r"this is|ich heiße|ich heisse|mein name ist|me llamo|mi nombre es|soy|"
    r"je m['’]appelle|mon nom est|je suis|mrs?|ms|miss|dr|herrn?|frau|señora?|sr|sra|monsieur|madame|mme|don|doña)\b)"
    r"\.?\s{1,3}(?P<name>[A-ZÄÖÜÁÉÍÓÚÑÇ][\w'’-]{1,30}(?:\s[A-ZÄÖÜÁÉÍÓÚÑÇ][\w'’-]{1,30}){0,2})"
)
_SIGNED = re.compile(
    r"(?i:\b(?:regards|best|cheers|thanks|thank you|yours|sincerely|love|grüße|grüßen|gruß|lg|mfg|saludos|atentamente|"
    r"gracias|un saludo|cordialement|merci|bien à vous))[,.!]?\s{0,3}(?:[-–—\n]\s{0,3}|\s)"
    r"(?P<name>[A-ZÄÖÜÁÉÍÓÚÑÇ][\w'’-]{1,30}(?:\s[A-ZÄÖÜÁÉÍÓÚÑÇ][\w'’.-]{0,30}){0,2})\s{0,3}\Z"
)
_IN_ORDER: tuple[tuple[re.Pattern[str], str], ...] = (
    (_EMAIL, EMAIL),
    (_LINK, LINK),
    (_IBAN, NUMBER),
    (_NUMBER_FIRST, ADDRESS),
    (_NUMBER_LAST, ADDRESS),
    (_POSTCODE, ADDRESS),
    (_ORDER, NUMBER),
    (_PHONE, PHONE),
    (_CODE, NUMBER),
)
SHORTEST_NAME = 2


def mask(text: str, names: Iterable[str] = ()) -> str:
    """The words without what could name somebody. `names`: whole names that are known, their parts masked too."""
    for pattern, word in _IN_ORDER:
        text = pattern.sub(word, text)
    for pattern in (_INTRODUCED, _SIGNED):
        text = pattern.sub(lambda found: found[0][: found.start("name") - found.start()] + NAME, text)
    known = {part for name in names for part in re.split(r"[\s,]+", name) if len(part) >= SHORTEST_NAME}
    if known:
        words = "|".join(re.escape(part) for part in sorted(known, key=len, reverse=True))
        text = re.sub(rf"(?<!\w)(?:{words})(?:['’]s)?(?!\w)", NAME, text, flags=re.IGNORECASE)
    return re.sub(r"(?:\[name\]\s?){2,}", f"{NAME} ", text).strip()
