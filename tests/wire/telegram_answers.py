"""What each Bot API method does to the fake world, with the real server's words when it refuses."""

import re
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.wire.telegram_groups import ALL_RIGHTS, Forum, Group, Topic
from tests.wire.telegram_people import Person, PrivateChat
from tests.wire.telegram_spec import Upload
from tests.wire.telegram_updates import ApiError
from tests.wire.telegram_world import MEDIA_KINDS, CallbackAnswer, Chat, Json, Message, StoredFile, World, media

Params = Mapping[str, Any]

MOST_DOWNLOAD: Final = 20 * 1024 * 1024
MOST_UPLOAD: Final = 50 * 1024 * 1024
MOST_PHOTO: Final = 10 * 1024 * 1024
NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
LONGEST_DELETABLE_S: Final = 48 * 3600
TOPIC_COLOURS: Final = frozenset({7322096, 16766590, 13338331, 9367192, 16749490, 16478047})
CAPTION: Final = ("caption", "caption_entities", "show_caption_above_media")


def bad(words: str, parameters: Json | None = None) -> ApiError:
    """Return a 400 in the real server's form."""
    return ApiError(400, f"Bad Request: {words}", parameters)


def forbidden(words: str) -> ApiError:
    """Return a 403 in the real server's form."""
    return ApiError(403, f"Forbidden: {words}")


class Answers:
    """The methods: ``answers["sendMessage"](params)`` returns the result or raises ``ApiError``."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.profile: dict[tuple[str, str], str] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.menu_buttons: dict[int, Json] = {}
        self.methods: dict[str, Callable[[Params], Any]] = {
            name: getattr(self, re.sub(r"[A-Z]", lambda m: "_" + m.group().lower(), name)) for name in METHODS
        }

    # ── where a call goes ──

    def chat(self, p: Params, name: str = "chat_id") -> Chat:
        """Return the chat a parameter names, as far as the bot may know it."""
        given = p.get(name)
        chat = self._by_name(given) if isinstance(given, str) else self.world.chats.get(given or 0)
        if isinstance(chat, PrivateChat) and (chat.person.started or chat.person.deleted):
            return chat
        if not isinstance(chat, Group):
            raise bad("chat not found")
        if chat.migrated_to is not None:
            words = "group chat was upgraded to a supergroup chat"
            raise bad(words, {"migrate_to_chat_id": chat.migrated_to})
        kind = "supergroup" if isinstance(chat, Forum) else "group"
        if chat.bot_status == "kicked":
            raise forbidden(f"bot was kicked from the {kind} chat")
        if chat.bot_status == "left":
            raise forbidden(f"bot is not a member of the {kind} chat")
        return chat

    def _by_name(self, given: str) -> Chat | None:
        people = self.world.people.values()
        return next((p.chat for p in people if p.username and f"@{p.username}".lower() == given.lower()), None)

    def target(self, p: Params) -> tuple[Chat, int | None]:
        """Return the chat and topic to write into, if the bot may write there now."""
        chat = self.chat(p)
        if isinstance(chat, PrivateChat):
            if chat.person.deleted:
                raise forbidden("user is deactivated")
            if chat.person.blocked:
                raise forbidden("bot was blocked by the user")
        elif isinstance(chat, Group) and not chat.bot_may_write:
            raise bad("not enough rights to send text messages to the chat")
        thread = p.get("message_thread_id") or None
        if thread is not None:
            topic = self._topic(chat, thread)
            if topic is None:
                raise bad("message thread not found")
            if topic.closed and isinstance(chat, Group) and not chat.can("can_manage_topics"):
                raise bad("TOPIC_CLOSED")
        return chat, thread

    def _topic(self, chat: Chat, thread: int) -> Topic | None:
        topic = chat.by_thread.get(thread) if isinstance(chat, Forum) and chat.is_forum else None
        return None if topic is None or topic.deleted else topic

    def find(self, chat: Chat, message_id: int | None, missing: str) -> Message:
        """Return a message that is still there."""
        message = chat.log.get(message_id or 0)
        if message is None or message.deleted:
            raise bad(missing)
        return message

    def reply(self, chat: Chat, p: Params) -> Message | None:
        """Return the message that the call answers."""
        wish = p.get("reply_parameters")
        if wish is None:
            return None
        source = self.chat(wish) if "chat_id" in wish else chat
        message = source.log.get(wish["message_id"])
        if message is not None and not message.deleted:
            return message
        if wish.get("allow_sending_without_reply"):
            return None
        raise bad("message to be replied not found")

    # ── sending ──

    def post(self, p: Params, kind: str, content: Json, **more: Any) -> Message:
        """Put a message of the bot where the call says."""
        chat, thread = self.target(p)
        reply = self.reply(chat, p)
        if thread is None and reply is not None and reply.chat is chat and isinstance(chat, Forum):
            thread = reply.thread
        markup = p.get("reply_markup") or {}
        inline = {"inline_keyboard": markup["inline_keyboard"]} if markup.get("inline_keyboard") else None
        keyboard = markup if "keyboard" in markup or "remove_keyboard" in markup else None
        return chat.post_as_bot(
            kind,
            content,
            thread=thread,
            reply=reply,
            markup=inline,
            keyboard=keyboard,
            protected=bool(p.get("protect_content")),
            **more,
        )

    def send_message(self, p: Params) -> Json:
        content = {"text": p["text"]} | _given(p, "entities", "link_preview_options")
        return self.post(p, "text", content).api()

    def send_file(self, kind: str, p: Params) -> Json:
        """Send one file of a kind: uploaded, by its id, or by its address."""
        self.target(p)
        kept = self.file(kind, p.get(kind), p)
        return self.post(p, kind, media(kind, kept, **_given(p, *CAPTION, "emoji", "duration"))).api()

    def file(self, kind: str, given: object, p: Params) -> StoredFile:
        """Return the stored file that a parameter means."""
        uploads: Mapping[str, Upload] = p.get("@uploads", {})
        if isinstance(given, str) and given.startswith("attach://"):
            given = uploads.get(given.removeprefix("attach://"))
        if isinstance(given, Upload):
            return self._upload(kind, given)
        if isinstance(given, str) and re.match(r"https?://", given):
            return self.world.store(kind, b"", given.rsplit("/", 1)[-1])
        kept = self.world.file(str(given))
        if kept is None:
            raise bad("wrong file identifier/HTTP URL specified")
        if kept.kind != kind:
            raise bad("type of file mismatch")
        return kept

    def _upload(self, kind: str, upload: Upload) -> StoredFile:
        if len(upload.data) > MOST_UPLOAD:
            raise ApiError(413, "Request Entity Too Large")
        if not upload.data:
            raise bad("file must be non-empty")
        if kind == "photo" and len(upload.data) > MOST_PHOTO:
            words = (
                f"file of size {len(upload.data)} bytes is too big for a photo; the maximum size is {MOST_PHOTO} bytes"
            )
            raise bad(words)
        return self.world.store(kind, upload.data, upload.name)

    def send_photo(self, p: Params) -> Json:
        return self.send_file("photo", p)

    def send_video(self, p: Params) -> Json:
        return self.send_file("video", p)

    def send_voice(self, p: Params) -> Json:
        return self.send_file("voice", p)

    def send_audio(self, p: Params) -> Json:
        return self.send_file("audio", p)

    def send_document(self, p: Params) -> Json:
        return self.send_file("document", p)

    def send_sticker(self, p: Params) -> Json:
        return self.send_file("sticker", p)

    def send_animation(self, p: Params) -> Json:
        return self.send_file("animation", p)

    def send_video_note(self, p: Params) -> Json:
        return self.send_file("video_note", p)

    def send_location(self, p: Params) -> Json:
        return self.post(p, "location", {"location": _given(p, "latitude", "longitude")}).api()

    def send_venue(self, p: Params) -> Json:
        location = _given(p, "latitude", "longitude")
        content = {"venue": {"location": location, **_given(p, "title", "address")}, "location": location}
        return self.post(p, "venue", content).api()

    def send_contact(self, p: Params) -> Json:
        contact = _given(p, "phone_number", "first_name", "last_name", "vcard")
        return self.post(p, "contact", {"contact": contact}).api()

    def send_media_group(self, p: Params) -> list[Json]:
        self.target(p)
        kinds = {item["type"] for item in p["media"]}
        if len(kinds) > 1 and kinds - {"photo", "video"}:
            raise bad("Can't use the media of the specified type in the album")
        files = [self.file(item["type"], item["media"], p) for item in p["media"]]
        album = self._album()
        sent = []
        for item, kept in zip(p["media"], files, strict=True):
            content = media(item["type"], kept, **_given(item, *CAPTION))
            sent.append(self.post(p, item["type"], content, album=album).api())
        return sent

    def _album(self) -> str:
        return str(13_600_000_000_000_000 + self.world.serial())

    # ── copying and forwarding ──

    def _source(self, p: Params, message_id: int, verb: str) -> Message:
        message = self.find(self.chat(p, "from_chat_id"), message_id, f"message to {verb} not found")
        if message.service or message.protected:
            raise bad("message can't be copied" if verb == "copy" else "message can't be forwarded")
        return message

    def _copy(self, p: Params, source: Message, album: str | None = None) -> Message:
        content = dict(source.content)
        if "caption" in p and source.kind in MEDIA_KINDS:
            content = {name: value for name, value in content.items() if name not in CAPTION} | _given(p, *CAPTION)
        elif p.get("remove_caption"):
            content = {name: value for name, value in content.items() if name not in CAPTION}
        return self.post(p, source.kind, content, album=album)

    def copy_message(self, p: Params) -> Json:
        self.target(p)
        return {"message_id": self._copy(p, self._source(p, p["message_id"], "copy")).id}

    def copy_messages(self, p: Params) -> list[Json]:
        return self._many(p, "copy")

    def forward_messages(self, p: Params) -> list[Json]:
        return self._many(p, "forward")

    def _many(self, p: Params, verb: str) -> list[Json]:
        """Copy or forward what can be; albums stay together; it is an error only if nothing is left."""
        self.target(p)
        source = self.chat(p, "from_chat_id")
        found = [source.log.get(message_id) for message_id in p["message_ids"]]
        there = [m for m in found if m is not None and not (m.deleted or m.service or m.protected)]
        if not there:
            raise bad(f"there are no messages to {verb}")
        albums = {message.album: self._album() for message in there if message.album}
        sent = [self._copy(p, m, albums.get(m.album or "")) if verb == "copy" else self._forward(p, m) for m in there]
        return [{"message_id": message.id} for message in sent]

    def forward_message(self, p: Params) -> Json:
        self.target(p)
        return self._forward(p, self._source(p, p["message_id"], "forward")).api()

    def _forward(self, p: Params, source: Message) -> Message:
        origin = {"type": "user", "sender_user": source.sender, "date": source.date}
        return self.post(p, source.kind, dict(source.content), extra={"forward_origin": origin})

    # ── changing what is there ──

    def _editable(self, p: Params) -> Message:
        if "chat_id" not in p or "message_id" not in p:
            raise bad("message identifier is not specified")
        chat, _ = self.target({"chat_id": p["chat_id"]})
        message = self.find(chat, p["message_id"], "message to edit not found")
        if not message.from_bot or message.service:
            raise bad("message can't be edited")
        return message

    def _edit(self, message: Message, content: Json, p: Params) -> Json:
        """Put new content in; an edit that names no keyboard takes the old one away, as the real one does."""
        inline = (p.get("reply_markup") or {}).get("inline_keyboard")
        markup = {"inline_keyboard": inline} if inline else None
        if content == message.content and markup == message.markup:
            raise bad(NOT_MODIFIED)
        message.versions.append((message.content, message.markup))
        message.content, message.markup, message.edit_date = content, markup, int(time.time())
        self.world.changed(message)
        return message.api()

    def edit_message_text(self, p: Params) -> Json:
        message = self._editable(p)
        if message.kind != "text":
            raise bad("there is no text in the message to edit")
        if "text" not in p:
            raise bad("message text is empty")
        return self._edit(message, {"text": p["text"]} | _given(p, "entities", "link_preview_options"), p)

    def edit_message_caption(self, p: Params) -> Json:
        message = self._editable(p)
        if message.kind not in MEDIA_KINDS - {"sticker", "video_note"}:
            raise bad("there is no caption in the message to edit")
        kept = {name: value for name, value in message.content.items() if name not in CAPTION}
        return self._edit(message, kept | {k: v for k, v in _given(p, *CAPTION).items() if v}, p)

    def edit_message_reply_markup(self, p: Params) -> Json:
        message = self._editable(p)
        return self._edit(message, message.content, p)

    def edit_message_media(self, p: Params) -> Json:
        message, item = self._editable(p), p["media"]
        result = self._edit(
            message, media(item["type"], self.file(item["type"], item["media"], p), **_given(item, *CAPTION)), p
        )
        message.kind = item["type"]
        return result

    def delete_message(self, p: Params) -> bool:
        chat = self.chat(p)
        message = self.find(chat, p["message_id"], "message to delete not found")
        if isinstance(chat, Group) and not message.from_bot and not chat.can("can_delete_messages"):
            raise bad("message can't be deleted")
        if message.date < time.time() - LONGEST_DELETABLE_S:
            raise bad("message can't be deleted for everyone")
        chat.delete(message)
        return True

    def delete_messages(self, p: Params) -> bool:
        chat = self.chat(p)
        for message_id in p["message_ids"]:
            if message_id in chat.log:
                self.delete_message({"chat_id": p["chat_id"], "message_id": message_id})
        return True

    def set_message_reaction(self, p: Params) -> bool:
        chat, _ = self.target({"chat_id": p["chat_id"]})
        message = self.find(chat, p["message_id"], "message to react not found")
        wish = [reaction.get("emoji", "") for reaction in p.get("reaction") or []]
        if len(wish) > 1:
            raise bad("REACTIONS_TOO_MANY")
        message.reactions[self.world.bot["id"]] = wish
        self.world.changed(message)
        return True

    def pin_chat_message(self, p: Params) -> bool:
        chat, _ = self.target({"chat_id": p["chat_id"]})
        message = self.find(chat, p["message_id"], "message to pin not found")
        self._may_pin(chat)
        message.pinned = True
        note = chat.post_as_bot("pinned_message", {"pinned_message": message.api(inner=True)}, thread=message.thread)
        self.world.publish(note)
        return True

    def _may_pin(self, chat: Chat) -> None:
        if isinstance(chat, Group) and not chat.can("can_pin_messages"):
            raise bad("not enough rights to manage pinned messages in the chat")

    def unpin_chat_message(self, p: Params) -> bool:
        chat = self.chat(p)
        self._may_pin(chat)
        pinned = [m for m in chat.messages if m.pinned and p.get("message_id", m.id) == m.id]
        if not pinned:
            raise bad("message to unpin not found")
        pinned[-1].pinned = False
        return True

    def answer_callback_query(self, p: Params) -> bool:
        query = self.world.queries.get(p["callback_query_id"])
        if query is None:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if not query.answer.done():
            query.answer.set_result(CallbackAnswer(p.get("text", ""), bool(p.get("show_alert")), p.get("url")))
        return True

    def send_chat_action(self, p: Params) -> bool:
        chat, thread = self.target(p)
        chat.actions.append((p["action"], thread))
        return True

    # ── topics ──

    def _forum(self, p: Params, right: str = "can_manage_topics", words: str = "not enough rights") -> Forum:
        chat = self.chat(p)
        if not isinstance(chat, Forum) or not chat.is_forum:
            raise bad("the chat is not a forum")
        if not chat.can(right):
            raise bad(words)
        return chat

    def _thread(self, forum: Forum, p: Params) -> Topic:
        topic = self._topic(forum, p["message_thread_id"])
        if topic is None:
            raise bad("TOPIC_ID_INVALID")
        return topic

    def create_forum_topic(self, p: Params) -> Json:
        forum = self._forum(p, words="not enough rights to create a topic")
        colour = p.get("icon_color", 7322096)
        if colour not in TOPIC_COLOURS:
            raise bad("TOPIC_ICON_COLOR_INVALID")
        topic = forum.begin_topic(p["name"], colour, self.world.bot)
        return {"message_thread_id": topic.id, "name": topic.name, "icon_color": colour}

    def edit_forum_topic(self, p: Params) -> bool:
        forum = self._forum(p)
        topic = self._thread(forum, p)
        name = p.get("name") or topic.name
        if name == topic.name and "icon_custom_emoji_id" not in p:
            raise bad("TOPIC_NOT_MODIFIED")
        topic.name = name
        forum.change_topic(topic, "forum_topic_edited", {"name": name}, self.world.bot)
        return True

    def close_forum_topic(self, p: Params) -> bool:
        return self._set_closed(p, "forum_topic_closed", closed=True)

    def reopen_forum_topic(self, p: Params) -> bool:
        return self._set_closed(p, "forum_topic_reopened", closed=False)

    def _set_closed(self, p: Params, kind: str, *, closed: bool) -> bool:
        forum = self._forum(p)
        topic = self._thread(forum, p)
        if topic.closed == closed:
            raise bad("TOPIC_NOT_MODIFIED")
        topic.closed = closed
        forum.change_topic(topic, kind, {}, self.world.bot)
        return True

    def delete_forum_topic(self, p: Params) -> bool:
        forum = self._forum(p, "can_delete_messages")
        forum.remove_topic(self._thread(forum, p))
        return True

    def unpin_all_forum_topic_messages(self, p: Params) -> bool:
        forum = self._forum(p, "can_pin_messages")
        for message in self._thread(forum, p).messages:
            message.pinned = False
        return True

    # ── asking ──

    def get_me(self, _: Params) -> Json:
        return self.world.me

    def get_file(self, p: Params) -> Json:
        kept = self.world.file(p["file_id"])
        if kept is None:
            raise bad("invalid file_id")
        if kept.size > MOST_DOWNLOAD:
            raise bad("file is too big")
        ids = {"file_id": kept.id, "file_unique_id": kept.unique_id}
        return {**ids, "file_size": kept.size, "file_path": kept.path}

    def get_chat(self, p: Params) -> Json:
        chat = self.chat(p)
        gifts = dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            False,
        )
        full = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
        pinned = [message for message in chat.messages if message.pinned]
        return chat.api() | full | ({"pinned_message": pinned[-1].api(inner=True)} if pinned else {})

    def get_chat_member(self, p: Params) -> Json:
        chat, user_id = self.chat(p), p["user_id"]
        if isinstance(chat, Group):
            if user_id == self.world.bot["id"]:
                return chat.membership()
            if user_id in chat.members:
                return _member(chat, chat.members[user_id])
        person = self.world.people.get(user_id)
        if person is None:
            raise bad("member not found" if isinstance(chat, Group) else "user not found")
        return {"status": "left" if isinstance(chat, Group) else "member", "user": person.api()}

    def get_chat_administrators(self, p: Params) -> list[Json]:
        chat = self.chat(p)
        if not isinstance(chat, Group):
            raise bad("there are no administrators in the private chat")
        own = [chat.membership()] if chat.bot_status == "administrator" and p.get("return_bots") else []
        return [_member(chat, each) for each in chat.members.values() if _rank(chat, each) != "member"] + own

    # ── how the bot presents itself ──

    def _scope(self, p: Params) -> tuple[str, str]:
        scope = p.get("scope") or {"type": "default"}
        if "chat_id" in scope:
            self.chat(scope)
        return "/".join(str(value) for value in scope.values()), p.get("language_code", "")

    def set_my_commands(self, p: Params) -> bool:
        self.commands[self._scope(p)] = p["commands"]
        return True

    def get_my_commands(self, p: Params) -> list[Json]:
        return self.commands.get(self._scope(p), [])

    def delete_my_commands(self, p: Params) -> bool:
        self.commands.pop(self._scope(p), None)
        return True

    def _profile(self, name: str, p: Params) -> bool:
        self.profile[name, p.get("language_code", "")] = p.get(name, "")
        return True

    def set_my_description(self, p: Params) -> bool:
        return self._profile("description", p)

    def set_my_short_description(self, p: Params) -> bool:
        return self._profile("short_description", p)

    def set_my_name(self, p: Params) -> bool:
        return self._profile("name", p)

    def get_my_description(self, p: Params) -> Json:
        return {"description": self.profile.get(("description", p.get("language_code", "")), "")}

    def get_my_short_description(self, p: Params) -> Json:
        return {"short_description": self.profile.get(("short_description", p.get("language_code", "")), "")}

    def get_my_name(self, p: Params) -> Json:
        return {"name": self.profile.get(("name", p.get("language_code", "")), self.world.bot["first_name"])}

    def set_chat_menu_button(self, p: Params) -> bool:
        self.menu_buttons[p.get("chat_id", 0)] = p.get("menu_button", {"type": "default"})
        return True

    def get_chat_menu_button(self, p: Params) -> Json:
        return self.menu_buttons.get(p.get("chat_id", 0), {"type": "commands"})

    def leave_chat(self, p: Params) -> bool:
        chat = self.chat(p)
        if not isinstance(chat, Group):
            raise bad("chat member status can't be changed in private chats")
        chat.bot_status = "left"
        return True

    def log_out(self, _: Params) -> bool:
        return True

    def close(self, _: Params) -> bool:
        return True


METHODS: Final = (
    "sendMessage sendPhoto sendVideo sendVoice sendAudio sendDocument sendSticker sendAnimation sendVideoNote "
    "sendLocation sendVenue sendContact sendMediaGroup copyMessage copyMessages forwardMessage forwardMessages "
    "editMessageText editMessageCaption editMessageReplyMarkup editMessageMedia deleteMessage deleteMessages "
    "setMessageReaction pinChatMessage unpinChatMessage answerCallbackQuery sendChatAction createForumTopic "
    "editForumTopic closeForumTopic reopenForumTopic deleteForumTopic unpinAllForumTopicMessages getMe getFile "
    "getChat getChatMember getChatAdministrators setMyCommands getMyCommands deleteMyCommands setMyDescription "
    "setMyShortDescription setMyName getMyDescription getMyShortDescription getMyName setChatMenuButton "
    "getChatMenuButton leaveChat logOut close"
).split()
"""The methods of this file; getUpdates and the webhook ones are the server's."""


def _given(p: Params, *names: str) -> Json:
    return {name: p[name] for name in names if name in p}


def _rank(chat: Group, person: Person) -> str:
    if person is next(iter(chat.members.values()), None):
        return "creator"
    return "administrator" if person.id in chat.admins else "member"


def _member(chat: Group, person: Person) -> Json:
    rank = _rank(chat, person)
    body: Json = {"status": rank, "user": person.api()}
    if rank == "creator":
        body["is_anonymous"] = False
    elif rank == "administrator":
        body |= {"can_be_edited": False, "is_anonymous": False, **dict.fromkeys(sorted(ALL_RIGHTS), True)}
    return body
