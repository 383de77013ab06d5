"""Customers: their private chats, and what the bot says about itself there."""

from __future__ import annotations

import structlog
from aiogram.exceptions import AiogramError, TelegramRetryAfter
from aiogram.types import BotCommand
from aiohttp import ClientTimeout

from bot.domain.message import Kind, Media, Message
from bot.ports import Delivery, Fetch, Outcome, Parcel
from handlers.telegram.address import private_chat
from handlers.telegram.client import Client
from handlers.telegram.copies import Copies
from handlers.telegram.failures import Recipient, outcome_of, told
from handlers.telegram.send import Place, Post

log = structlog.get_logger()

COMMANDS = {
    "en": {
        "help": "What I can do for you",
        "human": "Talk to a person",
        "preferences": "What I write to you about",
        "stop": "No more questions",
        "resume": "Ask me again",
        "privacy": "What we keep, and why",
        "mydata": "See what we keep about you",
        "forget": "Erase everything about you",
    },
    "de": {
        "help": "Was ich für Sie tun kann",
        "human": "Mit einem Menschen sprechen",
        "preferences": "Worüber ich Ihnen schreibe",
        "stop": "Keine Fragen mehr",
        "resume": "Wieder fragen",
        "privacy": "Was wir behalten und warum",
        "mydata": "Was wir über Sie wissen",
        "forget": "Alles über Sie löschen",
    },
    "es": {
        "help": "Qué puedo hacer por usted",
        "human": "Hablar con una persona",
        "preferences": "Sobre qué te escribo",
        "stop": "No más preguntas",
        "resume": "Volver a preguntarme",
        "privacy": "Qué guardamos y por qué",
        "mydata": "Ver qué guardamos de usted",
        "forget": "Borrar todo sobre usted",
    },
    "fr": {
        "help": "Ce que je peux faire pour vous",
        "human": "Parler à une personne",
        "preferences": "De quoi je vous écris",
        "stop": "Plus de questions",
        "resume": "Me reposer des questions",
        "privacy": "Ce que nous gardons, et pourquoi",
        "mydata": "Voir ce que nous gardons de vous",
        "forget": "Tout effacer sur vous",
    },
}
"""The menu of commands, by the language of the customer's client; the shop's first language is for everybody else."""


ACTIONS = {
    Media.PHOTO: "upload_photo",
    Media.VIDEO: "upload_video",
    Media.ANIMATION: "upload_video",
    Media.VOICE: "upload_voice",
    Media.AUDIO: "upload_voice",
    Media.STICKER: "choose_sticker",
    Media.LOCATION: "find_location",
    Media.CONTACT: "typing",
    Media.VIDEO_NOTE: "upload_video_note",
}
"""https://core.telegram.org/bots/api#sendchataction"""
SOON = ClientTimeout(total=3)


class Customers:
    """Delivers to customers."""

    def __init__(self, client: Client, post: Post) -> None:
        self._client = client
        self._post = post
        self._copies = Copies(client, post)

    async def introduce(self, languages: tuple[str, ...]) -> None:
        """Put the commands into the menu of every private chat."""
        for language, words in COMMANDS.items():
            if language in languages:
                await self._menu(words, language)
        await self._menu(COMMANDS.get(languages[0], COMMANDS["en"]), None)

    async def _menu(self, words: dict[str, str], language: str | None) -> None:
        commands = [BotCommand(command=name, description=about) for name, about in words.items()]
        await self._client.bot.set_my_commands(commands, language_code=language)

    async def deliver(self, parcel: Parcel, fetch: Fetch) -> Delivery:
        """One attempt at a message for a customer."""
        if parcel.message.kind is Kind.LOOKUP:
            return Delivery(Outcome.REJECTED, why="Telegram can't look people up")
        chat = private_chat(parcel)
        if chat is None:
            return Delivery(Outcome.UNREACHABLE, why="has no Telegram chat with us")
        match parcel.message.kind:
            case Kind.TYPING:
                return await self._show_life(chat, "typing")
            case Kind.UNSEND:
                return await self._copies.take_back(chat, parcel)
            case Kind.AMENDMENT:
                return await self._copies.amend(chat, parcel, fetch)
        return await self._write(chat, parcel, fetch)

    async def _write(self, chat: int, parcel: Parcel, fetch: Fetch) -> Delivery:
        """Words and things; a person's are announced by a sign of life, the bot's never are."""
        if parcel.message.kind is Kind.RELAY and not parcel.attempts:
            shown = await self._show_life(chat, _action(parcel.message))
            if shown.outcome is Outcome.WAIT:
                return shown
        return await self._post.deliver(Place(chat), parcel, fetch)

    async def _show_life(self, chat: int, action: str) -> Delivery:
        """A person writes or brings something: shown for seconds, or until it is there. Never worth a second try."""
        try:
            await self._client.call("sendChatAction", {"chat_id": chat, "action": action}, SOON)
        except TelegramRetryAfter as error:
            return outcome_of(error, Recipient.PERSON)
        except AiogramError as error:
            log.debug("no sign of life could be shown", why=told(error))
        return Delivery(Outcome.SENT)


def _action(message: Message) -> str:
    return ACTIONS.get(message.attachments[0].media, "upload_document") if message.attachments else "typing"
