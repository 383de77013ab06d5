# Read every line aloud: warm, short, honest.

person = Talk to a person
contact = You can also reach us here: { $contact }

# the ask
ask = { $name ->
    [none] Hi! How are you getting on with “{ $item }”?
   *[other] Hi { $name }, how are you getting on with “{ $item }”?
} Your answer helps decide what we fix next. One tap is enough, and thank you for your time.
ask-order = { $name ->
    [none] Hi! How did your order { $order } go?
   *[other] Hi { $name }, how did your order { $order } go?
} Your answer helps decide what we fix next. One tap is enough, and thank you for your time.
reminder = { $name ->
    [none] Hi again!
   *[other] Hi { $name }, me again.
} One tap about “{ $item }” would really help us. I won't ask about it a third time.
reminder-order = { $name ->
    [none] Hi again!
   *[other] Hi { $name }, me again.
} One tap about your order { $order } would really help us. I won't ask about it a third time.
rate-1 = 😡 1
rate-2 = 🙁 2
rate-3 = 😐 3
rate-4 = 🙂 4
rate-5 = 😍 5

# answers
thanks-5 = { $name ->
    [none] Thank you.
   *[other] Thank you, { $name }.
} That is good to hear. If anything changes, just write to me.
thanks-4 = Thank you, I am glad you like it. Is there one thing we could do better? Just write it, and I will pass it on.
missing = Thank you for telling us. What was missing?
noted = Thank you. I have written that down for the people who can change it.
thanks-words = Thank you for telling us. It helps to know what works.
thanks-neutral = Thank you. I have written that down for the team.
welcome-back = Any time. I am here if something comes up.
greeting = { $name ->
    [none] Hello! What can I do for you?
   *[other] Hello { $name }! What can I do for you?
} Write to me in your own words, or ask for a person.

# when it is not clear
clear = { $item ->
    [none] I want to get this right. Is all well with your purchase?
   *[other] I want to get this right. Is all well with “{ $item }”?
}
clear-yes = Yes, all well
clear-so = So-so
clear-no = No
clear-question = A person can answer that better. Shall I get somebody for you?
clear-thanks = Good to hear, thank you.
got-file = Thank you, I have got that. Is all well?

# a person comes
case-unhappy = I am sorry. That is not what we want for you. I am getting a person to put it right.
case-unclear = I would rather have a person read this than guess. Somebody answers you right here.
case-high-value = { $name ->
    [none] Thank you for telling us.
   *[other] Thank you for telling us, { $name }.
} You matter to us, so a person reads this and answers you right here.
case-asked = Of course. I am getting a person for you.
case-alarm = If somebody is hurt or in danger, please call your local emergency number now. Thank you for telling me: a person reads this before anything else.
case-bereavement = I am so sorry for your loss. A person reads this and writes to you themselves. Take all the time you need.
case-legal = Thank you for saying it plainly. This goes to a person who can decide, before anything else.
promise-minutes = { $minutes ->
    [one] We aim to answer within a minute.
   *[other] We aim to answer within { $minutes } minutes.
}
promise-hours = { $hours ->
    [one] We aim to answer within an hour.
   *[other] We aim to answer within { $hours } hours.
}
promise-later = A person answers you here { $day } from { $time }.
promise-broken = This takes longer than I said, and I am sorry. You are not forgotten: a person writes to you here.
today = today
tomorrow = tomorrow
day-0 = on Monday
day-1 = on Tuesday
day-2 = on Wednesday
day-3 = on Thursday
day-4 = on Friday
day-5 = on Saturday
day-6 = on Sunday
day-far = on { $date }
coming-toast = A person is coming.
amended = A correction of what I wrote: { $words }
handed-back = { $agent } has to hand over. A colleague takes it from here, and you don't need to repeat anything.
resolved = { $agent ->
    [none] Thank you for letting us put this right.
   *[other] { $agent } says thank you for letting us put this right.
} If anything is still open, just write here.
follow-up = { $name ->
    [none] Hi!
   *[other] Hi { $name }!
} { $agent ->
    [none] We talked the other day.
   *[other] You talked with { $agent } the other day.
} Is all well again?
well-yes = Yes, all well
well-no = No, not yet
well-thanks = Good to hear. Thank you for telling me.
well-sorry = { $agent ->
    [none] I am sorry. I am getting a person for you again.
   *[other] I am sorry. I am getting { $agent } for you again.
}

# a gift from a person
gift = { $agent ->
    [none] A gift from { $shop }
   *[other] A gift from { $agent } and { $shop }
}: a coupon worth { $money }. Here is your code:
gift-free = It works once, until { $date }. No strings attached: nothing is expected in return.

# links
welcome-linked = { $name ->
    [none] Hi, good to see you here!
   *[other] Hi { $name }, good to see you here!
} I am the bot of { $shop }. I ask how it went, at most twice for a purchase, and you can write to me any time. /stop ends it, /privacy says what we keep.
welcome-again = { $name ->
    [none] Hi again!
   *[other] Hi again, { $name }!
} You are connected already. Write to me any time.
welcome-stranger = Hi! I am the bot of { $shop }. I ask people how their purchase went, and I bring in a person whenever you like. To connect an order, open the link on your order page, or send me its code: start CODE. Or just write what is on your mind.
link-spent = That link has been used already. If it was you: all is well, just write. If not, a person can connect your order for you.
link-expired = That link has expired. No harm done: write to me here, and a person can connect your order for you.
link-unknown = I don't know that link. No harm done: write to me here, and a person can connect your order for you.
button-old = That button is from an earlier conversation. Just write what you need, or ask for a person.

# own data
stopped = Done. I won't ask you about purchases any more. You can still write here whenever you like, and /resume turns it on again.
stopped-already = I don't ask you any more. You can still write here whenever you like.
resumed = Welcome back. I will ask you again how a purchase went, for new orders from now on. /stop ends it.
resumed-already = My questions are on already. /stop ends them.
help = I am the bot of { $shop }. I ask how a purchase went and bring in people who can help. Write in your own words at any time. /human gets a person, /preferences shows what I write about, /stop ends my questions, /mydata shows what we keep, /forget erases it.

privacy = { $shop } keeps your name and contact details, your orders, what you and we write here and, only if you agree, small things worth remembering, so that we can ask how it went and put things right. Nothing is sold, and nobody else reads it. /mydata shows it, /stop ends my questions, /forget erases it all.
forget = This erases your name and contact details, your orders' details, and everything you and we wrote: { $orders ->
    [0] no orders
    [one] one order
   *[other] { $orders } orders
} and this whole conversation. It can't be undone.
forget-yes = Yes, erase everything
forget-no = No, keep it
forget-kept = Nothing was erased.
farewell = Everything is erased. I won't write to you again. All the best to you.
mydata-head = This is what { $shop } keeps about you:
mydata-name = Name: { $name }
mydata-email = E-mail: { $email }
mydata-phone = Phone: { $phone }
mydata-places = Known as: { $places }
mydata-orders = { $orders ->
    [0] Orders: none
    [one] Orders: one
   *[other] Orders: { $orders }
}
mydata-lines = { $lines ->
    [one] Lines of conversation: one
   *[other] Lines of conversation: { $lines }
}
mydata-facts = Remembered with your consent: { $words }
mydata-facts-held = Waiting for your yes: { $words }
mydata-questions = { $on ->
    [yes] My questions: on (/stop ends them)
   *[no] My questions: off (/resume turns them on)
}
mydata-end = /forget erases it all. A person can send you the whole file.

# the desk, for the people of the shop
desk-claim = Claim
desk-resolve = Resolve
desk-handback = Hand back
desk-claimed = { $agent } has this case. What { $agent } writes here goes to the customer; everybody else's words stay inside.
desk-resolved = { $agent } resolved this case.
desk-handed-back = { $agent } handed the case back. It waits for somebody to claim it.
desk-reopened = { $agent ->
    [none] The customer says it is not fixed yet. The case is open again.
   *[other] { $agent }, the customer says it is not fixed yet. The case is yours again.
}
desk-taken = { $agent } has this case already.
desk-yours = This case is yours already.
desk-not-yours = { $agent } has this case. Ask { $agent } or a manager.
desk-unlisted = { $who } is not on the list of agents yet. The owner adds you with: afterword agents add { $identity }
desk-no-case = There is no open case here. Your words stay inside.
desk-closed = This case is resolved. Claim opens it again.
desk-other-open = This case is resolved, and the customer has a newer one that is open. Claim that one.
desk-claim-first = Your words stay inside until you claim the case.
desk-unknown = “{ $command }” is not something I know, so it stays inside. I know: /claim, /resolve, /handback, /note, /unsend, /gift, /card, /upgrade, /mood, /topic, /remember, /unremember, /open, /who, /away, /back.
desk-note-empty = Write the note after the command: /note second zipper from this lot.
desk-noted = Noted, inside.
desk-mood = Thank you, { $agent }. Written down, inside: “{ $words }” means { $mood }.
desk-mood-words = After /mood write one word: unhappy, fine or happy. For example: /mood fine
desk-mood-nothing = The customer has not written any words yet whose mood could be corrected.
mood-negative = unhappy
mood-neutral = fine
mood-positive = happy
desk-failed = This could not be delivered: { $why }
desk-unreachable = The customer can't be reached: { $why }
desk-amend = Send the correction
desk-amend-offer = Your change stays inside: the customer still reads the first version.
desk-amend-sent = On its way.
desk-amend-again = There is nothing left to send: the customer gets the latest version already.
desk-amend-other = Only { $agent } can send this, while the case is theirs.
desk-amended = The customer reads your corrected words now.
desk-amended-anew = Sent as a new message that says it is a correction, because { $why }.
desk-somebody = the person who wrote it
desk-unsend = Take back
desk-unsend-sent = Taking it back.
desk-unsend-reply = Answer your own message with /unsend to take it back.
desk-unsend-unknown = That message never went to the customer, so there is nothing to take back.
desk-unsend-gift = A gift stays given, so nothing was taken back. Words from before it can be taken back in the console.
desk-unsend-other = Only { $agent } or a manager can take this back.
desk-unsend-again = That has been taken back already.
desk-unsend-thing = what you sent
desk-unsending = { $agent } takes back: “{ $words }”
desk-unsent = Taken back: the customer doesn't have “{ $words }” any more. The log keeps it.
desk-unsend-failed = “{ $words }” could not be taken back: { $why }.
desk-partly = Delivered, but not all of it: { $why }
desk-waits = This waits, and goes out by itself as soon as it can: { $why }
desk-blocked = Not delivered. The customer can't be reached: they have blocked us, and only they can change that.
desk-unreached = Not delivered. The customer can't be reached: { $why }
desk-reachable = The customer can be reached again.
desk-left = The customer erased all their data. This case is closed.
desk-console = console
desk-said = { $agent } ({ $desk }) to the customer:
desk-inside = { $agent } ({ $desk }), inside:
desk-note = { $agent } ({ $desk }), a note:
desk-changed = { $agent } ({ $desk }) changed a message, inside:
desk-amending = { $agent } corrects what the customer reads: { $words }
desk-opened = This case has a new thread on { $desk }. It begins with the card and what was said so far.
desk-lost = { $desk } can't be used now: { $why }. This case goes on here: { $places }. What is meant for { $desk } waits, and arrives there by itself.
desk-back = { $desk } can be used again. What waited for it is there now.
desk-history = What was said so far, in brief (🔒 = stayed inside):
desk-astray = This case goes on in another thread. What you write here counts all the same.
desk-edited = { $name } changed the message to: { $words }
desk-who = { $name }, customer { $customer }. { $value } Known as: { $places }.
desk-who-stopped = Doesn't want to be asked about purchases.
desk-gift = { $agent } gave { $money }: code { $code }, good until { $date }.
desk-gift-left = You have { $left } of { $budget } left this month.
desk-gift-how = Nothing was sent. Write the amount, then your words: /gift 20 sorry about the zipper. At once you can give up to { $money }.
desk-gift-currency = Nothing was sent: gifts are in { $currency }, not in { $other }. Write the amount alone: /gift 20 sorry about the zipper.
desk-gift-largest = Nothing was sent: { $money } is more than one gift may be. At once you can give up to { $largest }.
desk-gift-over = Nothing was sent: { $money } is more than you have left. Your next budget begins on { $date }.
desk-gift-empty = Nothing was sent: the pool has no code for { $money }. { $amounts ->
    [none] It is empty.
   *[other] It has codes for: { $amounts }.
} More come in with: “{ $command }”.
desk-gift-unreachable = Nothing was given: the customer can't be reached ({ $why }).
desk-gift-claim = Nothing was given: only who holds the case gives. Claim it first.
desk-gift-not-yours = Nothing was given: { $agent } has this case, and only { $agent } gives here.
desk-gift-closed = Nothing was given: this case is resolved. Claim opens it again, then you can give.
desk-gift-no-case = Nothing was given: there is no case here. Write it in the thread of a case that you hold.
desk-gift-off = Nothing was given: gifts are turned off here (gifts.monthly_budget is 0).
desk-gift-failed = The gift of { $money } did not arrive: { $why }. It doesn't count against your budget, and its code is given to nobody else.
desk-gift-unsure = It is not certain that the gift of { $money } arrived: { $why }. Its code is good; ask the customer before you give another.
desk-card = { $agent } asked the back office for a card: “{ $words }”. It is task { $number }.
desk-upgrade = { $agent } asked the back office for an upgrade: “{ $words }”. It is task { $number }.
desk-card-how = Nothing was asked for. Write what the card should say: /card enjoy the new boots, from all of us
desk-upgrade-how = Nothing was asked for. Write what should be upgraded: /upgrade express delivery for the replacement
gesture-coupon = { $money } coupon
gesture-card = card
gesture-card-open = card, to do
gesture-upgrade = upgrade
gesture-upgrade-open = upgrade, to do
card-top = Top { $share } %: number { $rank } of { $of }, { $money } in { $orders ->
    [one] one order
   *[other] { $orders } orders
}.
card-value = Number { $rank } of { $of }, { $money } in { $orders ->
    [one] one order
   *[other] { $orders } orders
}.
card-new = No purchases that we know of.
card-case = case { $number }
card-state-open = open, nobody has it yet
card-state-reopened = open again, nobody has it yet
card-state-claimed = { $agent ->
    [none] somebody has it
   *[other] { $agent } has it
}
card-state-resolved = { $agent ->
    [none] resolved
   *[other] resolved by { $agent }
}
card-label-order = Order
card-label-mood = Mood
card-label-remembered = Remembered
card-label-given = Given
card-label-earlier = Earlier
card-customer = customer { $number }
card-web = web chat
card-cases = { $others ->
    [0] no earlier case
    [one] one earlier case
   *[other] { $others } earlier cases
}
card-clock = { $time } there when it is { $since } here
card-clock-same = the same time there as here
card-well = all well again
card-not-well = not well again
card-unanswered = no answer whether all is well
card-refunded = refunded { $date }
card-cancelled = cancelled { $date }
card-delivered = delivered { $date }
card-paid = paid { $date }
card-unreachable = ⛔ { $why ->
    [none] Can't be reached: no chat is known.
   *[other] Can't be reached: { $why }
}
author-customer = customer
author-bot = bot
author-agent = agent
mood-mixed = of two minds
mood-unknown = unclear
customer-nameless = Customer { $number }

# who is first, who gets it, what is promised
urgency-alarm = alarm
urgency-angry = angry
urgency-unhappy = unhappy
urgency-asked = asks for a person
urgency-unclear = unclear
urgency-calm = calm
urgency-top = top customer
urgency-answered = has an answer
urgency-new = just came
urgency-waits = waits { $wait }
urgency-before = { $words }: before { $others ->
    [one] one other
   *[other] { $others } others
}
card-reply = answer promised by { $time }
card-late-reply = answer was promised by { $time }
card-resolution = to be resolved by { $time }
card-late-resolution = was to be resolved by { $time }
offer-knows = offered to { $agent }: knows this customer
offer-language = offered to { $agent }: speaks { $tongue }
offer-skill = offered to { $agent }: knows about { $skill }
offer-next = offered to { $agent }: is next
offer-all = for everybody
offer-later = is offered when we open
offer-manager = { $agent ->
    [none] for everybody, still unclaimed
   *[other] for everybody, still unclaimed: { $agent }
}
desk-offer = { $agent }, this case is offered to you. Anybody may claim it.
desk-offer-all = Nobody has claimed this yet. It is for everybody now.
desk-offer-manager = { $agent ->
    [none] Still nobody has claimed this.
   *[other] { $agent }, still nobody has claimed this.
} { $name } waits { $wait }.
desk-warning-first-reply = ⏳ { $agent ->
    [none] { $name } waits
   *[other] { $agent }, { $name } waits
} since { $since } ({ $wait }) for the first answer, promised by { $time }.
desk-warning-next-reply = ⏳ { $agent ->
    [none] { $name } waits
   *[other] { $agent }, { $name } waits
} since { $since } ({ $wait }) for an answer, promised by { $time }.
desk-warning-resolution = ⏳ { $agent ->
    [none] The case of { $name } is open
   *[other] { $agent }, the case of { $name } is open
} since { $since } ({ $wait }). It should be resolved by { $time }.
desk-breach-first-reply = ⚠️ { $agent ->
    [none] { $name } waits
   *[other] { $agent }, { $name } waits
} since { $since } ({ $wait }). The first answer was promised by { $time }.
desk-breach-next-reply = ⚠️ { $agent ->
    [none] { $name } waits
   *[other] { $agent }, { $name } waits
} since { $since } ({ $wait }). An answer was promised by { $time }.
desk-breach-resolution = ⚠️ { $agent ->
    [none] The case of { $name } is open
   *[other] { $agent }, the case of { $name } is open
} since { $since } ({ $wait }). It should have been resolved by { $time }.
desk-left-team = { $agent } is not on the team any more. The case waits for somebody to claim it.
presence-head = Who is here:
presence-line = { $name }: { $state }, { $held ->
    [0] no open case
    [one] one open case
   *[other] { $held } open cases
}
presence-here = here
presence-hours = outside their hours
presence-silent = not heard of for { $wait }
presence-away = { $time ->
    [none] away
   *[other] away until { $time }
}
presence-gone = { $time ->
    [none] { $agent } is away until /back.
   *[other] { $agent } is away until { $time }, or /back.
} Cases go to somebody else first.
presence-back = { $agent } is back.
presence-how = After /away write nothing, a time or a span. For example: /away until 14:00, or /away 2h

# remembered facts, with the customer's consent
memory-ask = May we remember small things that you tell us, a size or a name for example, so that you don't have to say them twice? Only the people of { $shop } read it, and it fades by itself. You can end it at any time with /privacy, and /mydata shows it.
memory-yes = Yes, remember it
memory-no = No, thank you
memory-yes-thanks = Thank you. We keep it in mind, and /privacy ends it whenever you like.
memory-no-thanks = All right, nothing of the kind is remembered.
memory-start = You may remember things
memory-stop = Remember nothing more
memory-none = Nothing is remembered of this customer yet. For example: /remember size 41
memory-head = Remembered of { $name }:
memory-line = { $place }. { $words } ({ $agent }, until { $date })
memory-line-held = { $place }. { $words } ({ $agent }, waits for the customer's yes)
memory-off = Nothing was kept: remembering is turned off here (memory.keep is 0s).
memory-when = Nothing was kept. Write a day to come, then the words: /remember until 2027-03-01 size 41
memory-long = Nothing was kept: at most { $most } characters, please.
memory-full = Nothing was kept: { $most } things are remembered already. Take one away with /unremember 1
memory-refused = Nothing was kept: the customer doesn't want things to be remembered.
memory-unreachable = Nothing was kept: the customer has to agree first, and can't be reached.
memory-held = Held back: “{ $words }”. The customer has been asked; a yes keeps it, a no drops it.
memory-kept = { $agent } keeps in mind: “{ $words }”, until { $date }.
memory-which = Write the number after the command: /unremember 1
memory-gone = That isn't remembered any more.
memory-dropped = { $agent } took away: “{ $words }”. It isn't remembered any more.
memory-agreed-yes = The customer agrees: what was held back is kept now.
memory-agreed-no = The customer doesn't want to be remembered like that: everything of the kind is gone, and nothing more is kept.
memory-unanswered = The customer never answered, so “{ $words }” was dropped.

# how words were read, corrected
desk-tap-neutral = 😊 Not unhappy
desk-tap-negative = 🙁 Unhappy after all
desk-tap-topic = 🏷 Topic…
desk-tap-done = Done
desk-mood-already = That is written down already: { $mood }.
desk-topic = Thank you, { $agent }. Written down, inside: “{ $words }” { $topics ->
    [none] isn't about any of the topics.
   *[other] is about: { $topics }.
}
desk-topic-words = After /topic write what the last words are about, or - for no topic. I know: { $topics }. For example: /topic delivery
desk-topic-now = { $topics ->
    [none] Written down: about no topic.
   *[other] Written down: { $topics }.
}
topic-delivery = delivery
topic-quality = quality
topic-size = size
topic-price = price
topic-service = service
topic-product = product
topic-website = website
topic-returns = returns
topic-packaging = packaging
topic-taste = taste

# how the customer found the help
help-ask = { $agent ->
    [none] And how was the help?
   *[other] And how was the help from { $agent }?
} One tap, only if you like.
help-good = 👍 Good
help-fair = 👌 So-so
help-poor = 👎 Not good
help-thanks = Thank you, that helps us.
help-sorry = Thank you for being frank, and I am sorry. If you would like to talk about it, a person is one tap away.

# first sentences for agents
desk-openers = You could begin like this (copy one and change what you like):
open-hello = { $name ->
    [none] Hello
   *[other] Hello { $name }
}{ $agent ->
    [none] .
   *[other] , { $agent } here.
}
open-loss = I am very sorry for your loss.
open-danger = I have read what you wrote, and it comes before everything else.
open-legal = I have read what you wrote, and I take it seriously.
open-serious = I have read what you wrote, and I take it seriously.
open-again = { $item ->
    [none] I see that it isn't right yet. I am sorry that you have to tell us again.
   *[other] I see that it isn't right yet with “{ $item }”. I am sorry that you have to tell us again.
}
open-sorry-delivery = I am sorry about the trouble with the delivery.
open-sorry-quality = I am sorry that the quality isn't what it should be.
open-sorry-size = I am sorry that the size isn't right.
open-sorry-price = I am sorry that the price doesn't feel right.
open-sorry-service = I am sorry about how we treated you.
open-sorry-website = I am sorry about the trouble with our website.
open-sorry-returns = I am sorry about the trouble with the return.
open-sorry-packaging = I am sorry about the packaging.
open-sorry-taste = I am sorry that the taste isn't what you hoped for.
open-sorry-product = I am sorry that it isn't what it should be.
open-sorry-words = { $item ->
    [none] I have read what you wrote, and I am sorry.
   *[other] I have read what you wrote about “{ $item }”, and I am sorry.
}
open-sorry-rating = { $item ->
    [none] I have seen your rating, and I am sorry.
   *[other] I have seen your rating of “{ $item }”, and I am sorry.
}
open-sorry = I am sorry that you are not happy.
open-asked = You asked for a person, and here I am.
open-read = { $item ->
    [none] I have read what you wrote.
   *[other] I have read what you wrote about “{ $item }”.
}
open-thanks = { $item ->
    [none] Thank you for your answer.
   *[other] Thank you for your answer about “{ $item }”.
}
open-waited = I am sorry that you had to wait for this answer.
open-ask-loss = Is there anything that we can take off your hands? There is no hurry.
open-ask-safe = Are you all right now?
open-ask-help = How can I help?
open-ask-right = What would put it right for you?
open-ask-better = Is there anything that we could do better?
open-ask-delivery = Has anything arrived by now, and where should it go?
open-ask-quality = Could you send me a photo of it?
open-ask-size = Which size would fit?
open-ask-price = What would be fair in your eyes?
open-ask-website = Where did you get stuck, and with which device?
open-ask-returns = Have you sent it back already, and when?
open-ask-packaging = Did what was inside come to harm?

# staff in private
staff-help = I know you as one of the people of { $shop }. Here I answer /summary (today, 7d, 30d, 90d), /digest (daily, weekly, off) and /queue. /away and /back say whether you are here, and /login brings you into the console.
staff-agent-help = I know you as one of the people of { $shop }. Here I answer /queue. /away and /back say whether you are here, and /login brings you into the console. Cases come to the desk.
staff-period = I know these periods: today, 7d, 30d, 90d. For example: /summary 7d
staff-login = Your way into the console, good for one use in the next ten minutes: { $link }

# summary
summary-head = { $shop }, { $period }
summary-period-today = today
summary-period-7d = the last 7 days
summary-period-30d = the last 30 days
summary-period-90d = the last 90 days
summary-asks = Asks that arrived: { $asks }, answered: { $rate }. Customers who answered: { $answered } of { $asked }.
summary-rating = Average rating: { $rating }. Satisfied (4 or 5): { $csat }.
summary-unhappy = Unhappy: { $unhappy }, { $share }. Mood from −1 to 1: { $mood }.
summary-cases = Cases: { $opened } opened, { $resolved } resolved, { $open } open now.
summary-first = First answer by a person, median: { $time }.
summary-few = too few to tell (n = { $n })
summary-of = { $value } (n = { $n })
summary-recovery = Unhappy customers won back by a person: { $rate }.
summary-period-days = { $since } to { $until }
summary-of-before = { $value } (n = { $n }; before { $before })
chart-answers = Answers: { $answers }. Unhappy: { $unhappy }.
chart-ratings = Ratings: { $rated }
chart-unhappy = unhappy
chart-others = the others

# digests and alerts
digest-daily = You get a digest every day at { $time } ({ $zone }). /digest off ends it.
digest-weekly = You get a digest every week, { $day } at { $time } ({ $zone }). /digest off ends it.
digest-off = No more digests. /digest daily or /digest weekly brings them back.
digest-none = You get no digest yet. /digest daily or /digest weekly 8:00 starts one.
digest-how = I know /digest daily, /digest weekly and /digest off, with an hour and a time zone if you like. For example: /digest daily 8:00 Europe/Paris
digest-changed = What clearly changed:
digest-change = { $what }: { $now } (before { $before })
digest-unchanged = Nothing clearly changed.
digest-topic = Unhappy messages about { $name }
digest-needs = What needs you: cases that nobody has claimed: { $waiting }. Promises not kept: { $late }. /queue shows who waits.
digest-all-well = Nothing needs you: every case has somebody, and every promise was kept.
digest-themes = Customers talk more about: { $words }
digest-voices = In their words:
digest-quote = “{ $words }”
figure-recovery = Won back
figure-csat = Satisfied
figure-unhappy_share = Unhappy
figure-response_rate = Answer rate
alert-unhappy = { $shop }: more unhappy answers than usual. { $hits } of { $of } in the last 24 hours ({ $share }); usually { $usual }. /summary today shows more.
alert-topic = { $shop }: more complaints about { $name } than usual. { $hits } of { $of } messages in the last 24 hours ({ $share }); usually { $usual }.
alert-late = { $shop }: promises not kept in the last 24 hours: { $hits }. /queue shows who waits.
alert-product = { $shop }: more unhappy answers about { $name } than usual. { $hits } of { $of } since yesterday ({ $share }); usually { $usual }.
alert-about-delivery = delivery
alert-about-packaging = packaging
alert-about-price = the price
alert-about-product = the product
alert-about-quality = quality
alert-about-returns = returns
alert-about-service = service
alert-about-size = size
alert-about-taste = taste
alert-about-website = the website

# one message to those concerned, from below an alert
seize-button = Write to those concerned
seize-write = One message, to { $whom }. Write it here as you would say it; { $first } and { $thing } stand for their name and what they bought. You see it, and whom it reaches, before anything goes out.
seize-ready = Take words that are ready
seize-drop = Leave it
seize-dropped = Left. Nothing goes out. The button below the alert works for a day.
seize-over = That alert is more than a day old: the moment has passed. `afterword campaigns send FILE` writes to whom you like at any time.
seize-already = { $who } has answered this one already. One message is enough.
seize-newer = You have written or chosen something newer since. The buttons below the latest preview count.
seize-wrong = That can't go out as it is: up to { $most } letters, and no other places in braces than { $places }.
seize-send = Send it
seize-to-told = To those who told us
seize-to-bought = To all who bought lately
seize-offer = It offers something, too
seize-help = It only helps
seize-told-unhappy = those who were unhappy in the last two days
seize-told-topic = those who complained about { $about } in the last two days
seize-told-product = those who were unhappy with { $about } in the last two days
seize-bought-any = all who bought in the last seven days
seize-bought-product = all who bought { $about } in the last 30 days
seize-preview =
    To { $whom }:

    “{ $words }”
seize-now = At once: { $number }.
seize-later = Later: { $number } ({ $why }).
seize-never = Not: { $number } ({ $why }).
seize-helps = It goes out once, inside every limit. It answers what they bought or told, so it needs no consent to tips and news; whoever wanted no more of it gets nothing.
seize-offers = It goes out once, inside every limit, and only to those who agreed to tips and news.
seize-sent = It is on its way. The console's page “Program” shows how it goes; `afterword campaigns stop { $campaign }` stops it.
seize-told = { $who } sends one message to { $whom }: “{ $words }”
seize-words-unhappy = Hello { $name }, these days not everything goes as well with us as it should. We are sorry. People of { $shop } are at work on it; write here if something is not right for you.
seize-words-topic = Hello { $name }, several people have told us about trouble with { $about } these days. We are sorry. People of { $shop } are at work on it; write here if something is not right for you.
seize-words-product = Hello { $name }, several people have told us about trouble with { $about } these days. We are sorry. People of { $shop } are at work on it; write here if something is wrong with yours.
seize-why-opted-out = want no messages
seize-why-wants-none = want no tips and news
seize-why-not-agreed = never agreed to tips and news
seize-why-level = the program goes less far with them
seize-why-case = a person is with them now
seize-why-after-case = soon after a case
seize-why-lately = heard from us lately
seize-why-quiet = night where they are
seize-why-holiday = a holiday where they are
seize-why-no-channel = no way to them
seize-why-refunded = refunded or cancelled
seize-why-care = are left alone after grave or angry words

# the queue
queue-head = { $count ->
    [0] Nobody is waiting.
    [one] One open case:
   *[other] { $count } open cases, most urgent first:
}
queue-line = { $name }: { $reasons } · { $owner ->
    [none] not claimed
   *[other] { $owner }
} · { $urgency }
time-s = { $n } s
time-m = { $n } min
time-h = { $n } h
time-d = { $n ->
    [one] 1 day
   *[other] { $n } days
}

# what a relationship brings: thanks, outreach, what they want to hear of
welcome-basic = { $name ->
    [none] Hi, good to see you here!
   *[other] Hi { $name }, good to see you here!
} I am the bot of { $shop }. Write to me whenever you need something, and a person is never far. /stop ends it, /privacy says what we keep.
welcome-reactive = { $name ->
    [none] Hi, good to see you here!
   *[other] Hi { $name }, good to see you here!
} I am the bot of { $shop }. Tell me any time how it is going, good or bad: it is read and answered. /stop ends it, /privacy says what we keep.
ask-thanks = As a thank-you you get a coupon worth { $money }, whatever you answer.
review-link = If you want to tell others how it went, here is the place, whatever you have to say: { $link }
reward-answer = { $name ->
    [none] Thank you for your answer.
   *[other] Thank you for your answer, { $name }.
} As promised, whatever you said: a coupon worth { $money }. Here is your code:
reward-purchase = { $name ->
    [none] This was your purchase number { $number } with us. Thank you for coming back!
   *[other] { $name }, this was your purchase number { $number } with us. Thank you for coming back!
} Here is a coupon worth { $money }. Your code:
reward-anniversary = { $name ->
    [none] On this day you first bought from { $shop }.
   *[other] { $name }, on this day you first bought from { $shop }.
} Thank you for staying. Here is a coupon worth { $money }. Your code:
reward-ends = { $name ->
    [none] A small reminder:
   *[other] { $name }, a small reminder:
} your coupon worth { $money } works until { $date }. If you don't need it, just let it go. Your code:
invite = One more question, and a no is fine: may I write to you now and then with tips for what you bought, and news from { $shop }?
invite-yes = Yes, please
invite-no = No, thanks
outreach-partner = This comes from { $shop } together with { $partner }, who is our partner and gains from it too.
useful-yes = 👍 Good to know
useful-no = 👎 Not for me
useful-yes-thanks = Glad to hear. If you have a question about it, just write.
useful-no-thanks = Thank you, that helps. I will write less of this kind.
no-more = No more of these
preferences = This is what I write to you about. One tap changes it, and it holds at once.
preferences-tap = My choice
prefer-questions-on = Questions about purchases: on. Turn off
prefer-questions-off = Questions about purchases: off. Turn on
prefer-gifts-on = Gifts and coupons: on. Turn off
prefer-gifts-off = Gifts and coupons: off. Turn on
prefer-outreach-on = Tips and news: on. Turn off
prefer-outreach-off = Tips and news: off. Turn on
prefer-partners-on = Offers with partners: on. Turn off
prefer-partners-off = Offers with partners: off. Turn on
preferred-questions-on = Done. I will ask you again how a purchase went.
preferred-questions-off = Done. I won't ask you about purchases any more.
preferred-gifts-on = Done. When there is a gift for you, I will send it here.
preferred-gifts-off = Done. I won't send you gifts or coupons any more.
preferred-outreach-on = Thank you! I will write now and then with tips and news, never often. /preferences changes it at any time.
preferred-outreach-off = Done. No more tips and news from me. /preferences shows everything else.
preferred-partners-on = Done. I will also tell you about offers that we make with partners, and always say who they are.
preferred-partners-off = Done. No more offers with partners.
staff-campaign-stopped = The campaign “{ $campaign }” has stopped: { $why }. Nothing more of it goes out. `afterword campaigns report { $campaign }` shows the figures, `afterword campaigns start { $campaign }` starts it again.
