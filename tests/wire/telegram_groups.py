"""Where agents work in the fake Telegram: basic groups, supergroups, forums and their topics."""

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.wire.telegram_world import Chat, Json, Match, Message, World, wait_for_message

if TYPE_CHECKING:
    from tests.wire.telegram_people import Person

ALL_RIGHTS: Final = frozenset(
    "can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members can_promote_members "
    "can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories can_pin_messages "
    "can_manage_topics can_send_welcome_messages".split()
)
DESK_RIGHTS: Final = frozenset({"can_manage_chat", "can_delete_messages", "can_pin_messages", "can_manage_topics"})
ANONYMOUS: Final[Json] = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}


@dataclass(slots=True, eq=False)
class Topic:
    """One topic of a forum; its id is the id of the service message that began it."""

    forum: "Forum"
    id: int
    name: str
    icon_color: int
    closed: bool = False
    deleted: bool = False

    def __repr__(self) -> str:
        """Show what a failing test needs to see."""
        return f"<topic {self.id} {self.name!r}{' (deleted)' if self.deleted else ''}>"

    @property
    def history(self) -> list[Message]:
        """All messages ever, service messages and deleted ones too."""
        return [message for message in self.forum.log.values() if message.thread == self.id]

    @property
    def messages(self) -> list[Message]:
        """What is seen there now, service messages apart."""
        return [message for message in self.history if not message.deleted and not message.service]

    @property
    def texts(self) -> list[str]:
        """The words of what is seen there now."""
        return [message.text for message in self.messages]

    async def wait_for(self, match: Match, *, timeout: float = 5.0, after: Message | None = None) -> Message:
        """Wait until the bot shows a fitting message here."""
        return await wait_for_message(self.forum.world, lambda: self.messages, match, timeout, after)


class Group(Chat):
    """A basic group: no topics; may be upgraded to a supergroup, after which its id is dead."""

    type = "group"

    def __init__(self, world: World, chat_id: int, title: str, members: Iterable["Person"] = ()) -> None:
        """Begin with the bot as an administrator."""
        super().__init__(world, chat_id)
        self.title = title
        self.members: dict[int, Person] = {person.id: person for person in members}
        self.admins: dict[int, Person] = {}
        self.bot_status = "administrator"
        self.rights: frozenset[str] = DESK_RIGHTS
        self.bot_may_write = True
        self.migrated_to: int | None = None

    def actor(self, by: "Person | None") -> Json:
        """Return who acts as a User: the named person, else the first member."""
        person = by or next(iter(self.members.values()), None)
        return person.api() if person else {"id": 1, "is_bot": False, "first_name": "Owner"}

    def api(self) -> Json:
        """Return it as the Bot API writes a Chat."""
        return {"id": self.id, "type": self.type, "title": self.title}

    def can(self, right: str) -> bool:
        """Say whether the bot holds a right here."""
        return self.bot_status == "administrator" and right in self.rights

    def bot_hears(self, message: Message) -> bool:
        """Apply membership, privacy mode and the rule about other bots."""
        if self.bot_status not in {"administrator", "member"} or self.migrated_to is not None:
            return False
        if message.from_bot or message.service:
            return message.service
        if message.sender.get("is_bot") and "sender_chat" not in message.extra and not self.world.hears_bots:
            return False
        sees_all = self.bot_status == "administrator" or self.world.me["can_read_all_group_messages"]
        return sees_all or self._for_bot(message)

    def _for_bot(self, message: Message) -> bool:
        """Say whether a message is meant for the bot, which is all that privacy mode lets through."""
        if command := re.match(r"/\w+(?:@(\w+))?", message.text):
            return command.group(1) in {None, self.world.bot["username"]}
        return message.reply is not None and message.reply.from_bot

    def membership(self) -> Json:
        """Return the bot's own standing as the Bot API writes a ChatMember."""
        body: Json = {"status": self.bot_status, "user": self.world.bot}
        if self.bot_status == "administrator":
            body |= {right: right in self.rights for right in sorted(ALL_RIGHTS)}
            body |= {"can_be_edited": False, "is_anonymous": False}
        elif self.bot_status == "kicked":
            body["until_date"] = 0
        return body

    async def set_bot(self, status: str, rights: Iterable[str] | None = None, *, by: "Person | None" = None) -> None:
        """Change the bot's standing: administrator, member, left or kicked; it gets my_chat_member."""
        old = self.membership()
        self.bot_status = status
        if rights is not None:
            self.rights = frozenset(rights)
        body = {
            "chat": self.api(),
            "from": self.actor(by),
            "date": int(time.time()),
            "old_chat_member": old,
            "new_chat_member": self.membership(),
        }
        self.world.emit("my_chat_member", body, ("my_chat_member", self.id))

    async def kick_bot(self, *, by: "Person | None" = None) -> None:
        """Throw the bot out; it learns of it and can't write any more."""
        message = self.post(self.actor(by), "left_chat_member", {"left_chat_member": self.world.bot})
        self.world.publish(message)
        await self.set_bot("kicked", by=by)

    async def add_bot(self, rights: Iterable[str] | None = DESK_RIGHTS, *, by: "Person | None" = None) -> None:
        """Bring the bot (back) in: as an administrator with these rights, or a plain member with None."""
        await self.set_bot("member" if rights is None else "administrator", rights, by=by)
        self.world.publish(self.post(self.actor(by), "new_chat_members", {"new_chat_members": [self.world.bot]}))

    async def join(self, person: "Person") -> None:
        """Let a person in; everybody sees the service message."""
        self.members[person.id] = person
        self.world.publish(self.post(person.api(), "new_chat_members", {"new_chat_members": [person.api()]}))

    async def leave(self, person: "Person") -> None:
        """Let a person go."""
        self.members.pop(person.id, None)
        self.world.publish(self.post(person.api(), "left_chat_member", {"left_chat_member": person.api()}))

    async def pin(self, message: Message, *, by: "Person | None" = None) -> None:
        """Pin a message by hand."""
        message.pinned = True
        content = {"pinned_message": message.api(inner=True)}
        self.world.publish(self.post(self.actor(by), "pinned_message", content, thread=message.thread))

    async def migrate(self, new_id: int | None = None) -> "Forum":
        """Upgrade to a supergroup with topics: a new id, an empty log; calls to the old id name the new one."""
        new = Forum(self.world, new_id or -1_009_000_000_000 - self.world.serial(), self.title, self.members.values())
        new.bot_status, new.rights, new.admins = self.bot_status, self.rights, self.admins
        self.world.chats[new.id] = new
        old_note = self.post(self.actor(None), "migrate_to_chat_id", {"migrate_to_chat_id": new.id})
        self.world.publish(old_note)
        self.migrated_to = new.id
        self.world.publish(new.post(ANONYMOUS, "migrate_from_chat_id", {"migrate_from_chat_id": self.id}))
        return new


class Forum(Group):
    """A supergroup with topics: where the desk works."""

    type = "supergroup"

    def __init__(
        self, world: World, chat_id: int, title: str, members: Iterable["Person"] = (), *, topics: bool = True
    ) -> None:
        """Begin with no topic but General."""
        super().__init__(world, chat_id, title, members)
        self.is_forum = topics
        self.by_thread: dict[int, Topic] = {}

    def api(self) -> Json:
        """Return it as the Bot API writes a Chat."""
        return super().api() | ({"is_forum": True} if self.is_forum else {})

    @property
    def topics(self) -> list[Topic]:
        """The topics that exist now, oldest first."""
        return [topic for topic in self.by_thread.values() if not topic.deleted]

    @property
    def general(self) -> list[Message]:
        """What is seen in General now."""
        return [message for message in self.messages if message.thread is None]

    def topic(self, name: str) -> Topic:
        """Return the one topic whose name contains this."""
        found = [topic for topic in self.topics if name in topic.name]
        assert len(found) == 1, f"{len(found)} topics like {name!r} in {self.topics}"
        return found[0]

    async def wait_for_topic(self, name: str = "", *, timeout: float = 5.0) -> Topic:
        """Wait until there is a topic whose name contains this."""

        def probe() -> Topic | None:
            return next((topic for topic in reversed(self.topics) if name in topic.name), None)

        return await self.world.until(probe, timeout, lambda: f"no topic like {name!r} in {self.topics}")

    def begin_topic(self, name: str, icon_color: int, sender: Json) -> Topic:
        """Add a topic: its service message gives it its id."""
        content = {"forum_topic_created": {"name": name, "icon_color": icon_color}}
        message = self.service(sender, "forum_topic_created", content, None)
        message.thread = message.id
        topic = Topic(self, message.id, name, icon_color)
        self.by_thread[topic.id] = topic
        self.world.publish(message)
        return topic

    def service(self, sender: Json, kind: str, content: Json, thread: int | None) -> Message:
        """Add a service message of a person or the bot."""
        return self.post(sender, kind, content, thread=thread, from_bot=sender is self.world.bot)

    def change_topic(self, topic: Topic, kind: str, content: Json, sender: Json) -> None:
        """Tell everybody that a topic was renamed, closed or reopened."""
        self.world.publish(self.service(sender, kind, {kind: content}, topic.id))

    def remove_topic(self, topic: Topic) -> None:
        """Delete a topic with all its messages; the bot isn't told, as in real life."""
        topic.deleted = True
        for message in topic.history:
            self.delete(message)

    async def create_topic(self, name: str, *, by: "Person | None" = None) -> Topic:
        """Open a topic by hand."""
        return self.begin_topic(name, 7322096, self.actor(by))

    async def delete_topic(self, topic: Topic) -> None:
        """Delete a topic by hand."""
        self.remove_topic(topic)

    async def rename_topic(self, topic: Topic, name: str, *, by: "Person | None" = None) -> None:
        """Rename a topic by hand."""
        topic.name = name
        self.change_topic(topic, "forum_topic_edited", {"name": name}, self.actor(by))

    async def close_topic(self, topic: Topic, *, by: "Person | None" = None) -> None:
        """Close a topic by hand."""
        topic.closed = True
        self.change_topic(topic, "forum_topic_closed", {}, self.actor(by))

    async def reopen_topic(self, topic: Topic, *, by: "Person | None" = None) -> None:
        """Reopen a topic by hand."""
        topic.closed = False
        self.change_topic(topic, "forum_topic_reopened", {}, self.actor(by))
