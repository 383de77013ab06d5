"""English: complaints, praise, plain information and intents."""

from __future__ import annotations

from sentiment.lexicon.block import Block
from sentiment.verdict import Intent

_EN = "en"
_REFUND, _ORDER = (Intent.REFUND,), (Intent.WHERE_IS_ORDER,)
_DANGER, _LEGAL = (Intent.SAFETY, Intent.DANGER), (Intent.SAFETY, Intent.LEGAL)
_LOSS = (Intent.SAFETY, Intent.BEREAVEMENT)

COMPLAINTS = (
    Block(
        _EN,
        -0.95,
        """scam, scammer*, scammed, scamming, fraud, fraudulent, thieves, thief, rip off, ripoff, ripped (off|me
        off|us off), con artist*, daylight robbery, crooks, liars, never (buy|order|shop|use|come|purchase) ~
        again, never ~ (buying|ordering|shopping) ~ again, never again, n't (buy|order|shop|use|purchase|come
        back) ~ again, n't be (ordering|buying|shopping|coming|returning|back|using|purchasing), n't ever
        (buy|order|use), worst, absolute (joke|garbage|rubbish|trash|crap), complete (joke|waste),
        (total|utter) (joke|waste|rubbish|crap|disaster), what a
        (joke|waste|mess|shame|disaster|disgrace|letdown), n't stop
        (leaking|breaking|crashing|beeping|smelling|falling), keeps (breaking|leaking|
        crashing|failing|falling|freezing), waste of (money|time|space), wasted my (money|time), thanks for
        nothing, thank you for nothing, (avoid|stay away) (this|these|from), stay away, last time i,
        disgrace*, disgust*, appalling, unacceptable, inexcusable, outrageous, atrocious, horrendous, abysmal,
        dreadful, garbage, bullshit, fuck (you|off|this|them), fucking (useless|joke|terrible|broken), piece
        of (junk|crap|shit|garbage|rubbish|trash), pos, ashamed of yourselves, useless, worthless, pathetic,
        false advertising, lied to""",
    ),
    Block(
        _EN,
        -0.9,
        """terrible, terribly, terible, horrible, horribly, horible, horrid, awful, awfull, nightmare, furious,
        livid, rubbish, trash, junk, crap, crappy, shit, shitty, sucks, sucked, suck, hate, hated, hates,
        unhappy, very unhappy, disaster, pissed [off], fed up, sick of, had enough, beyond frustrated,
        dishonest, deceiv*, misleading, misled, joke, incompetent, incompetence, clueless, shambles, shame on
        you, disgruntled, do better, deplorable, trash quality, unusable, lousy""",
    ),
    Block(
        _EN,
        -0.8,
        """disappoint*, dissapoint*, dissappoint*, disapoint*, dissatisf*, unsatisf*, unsatisf*, frustrat*,
        angry, annoyed, annoying, upset, ridiculous, regret*, let down, letdown, let me down, poor, poorly,
        bad, badly, worse, bad quality, n't happy, not happy, n't impressed, not impressed, unimpressed,
        underwhelm*, n't recommend, not recommend, recommend against, far from ~ (good|best|perfect|great),
        nothing to recommend, nothing good, (n't|not) worth ~ (money|price|it), (n't|not) worth, (n't|not)
        what i (ordered|expected|wanted|bought|paid for|asked for), (n't|not) what was
        (advertised|described|promised), (n't|not) as (described|advertised|
        pictured|shown|expected|promised|ordered), expected (better|more), expecting (better|more), so much
        for, good luck (getting|reaching|with|trying), yeah right, unreliable, shoddy, substandard, inferior,
        laughable, mediocre at best, gave up, given up, unprofessional, not good enough, (n't|not) good, big
        mistake, mistake buying, wish i n't, n't have (bought|ordered), n't bother, n't bother, not the same
        as""",
    ),
    Block(
        _EN,
        -0.6,
        """could ~ been better, could be (better|improved|nicer), should be better, room for improvement, n't
        great, not great, not the best, n't the best, meh, overrated, underperform*, nothing special, subpar,
        wish it (was|were|had|could), supposed to, complaint, complaints, complain, complained, complaining,
        problem, problems, trouble, troubles, hassle, mess, messed up, messy, unfortunately, sadly, not
        (ideal|perfect), no good, no use, no better, unbelievable service, mediocre, ugly, weird, odd,
        questionable, boring, dull, confusing, confused, inconvenient, difficult, pointless, shame, too bad,
        pity, (is|are|was|were) [a bit|slightly|way|totally] off, lacking, lacks, just ok, only ok, not sure ~
        (worth|keep), n't sure ~ (worth|keep), n't care less, concerned, concern, worried, worrying""",
    ),
    Block(
        _EN,
        -0.4,
        """issue, issues, flaw, flaws, drawback, drawbacks, downside, at best, while it lasted, had hoped, lack
        of, elsewhere, so so quality, inconsistent, tricky, wait, waiting, slow""",
    ),
)

BROKEN = (
    Block(
        _EN,
        -0.9,
        """broke, broken, break, breaks, breaking [apart], broke down, stopped working, quit working, stops
        working, n't [really|even|actually] (work|working|function|turn on|switch on|start|
        charge|charging|power on|hold|last|stay|stick|open|close|load), never worked, not working, no longer
        (works|working|charges), (fell|falling|falls|came|coming|comes) (apart|off|undone|loose), died
        (after|within|on me), it died, battery (died|dies|drains), dead on arrival, doa, arrived
        (dead|broken|damaged|smashed|cracked|crushed|empty|torn|
        open|opened|dirty|used|wet|cold|melted|incomplete), damaged, smashed, shattered, cracked, crack,
        cracks, crushed, dented, dent, torn, tore, ripped, rip, scratched, scratches, snapped, bent, burst,
        collapsed, leak*, faulty, defective, defect, defects, malfunction*, counterfeit, fake, knock off,
        knockoff, peeling, peeled, rusty, rusted, worn out, unravel*, frayed, fraying, shrank, shrunk, holes
        in, hole in, a hole, only (lasted|lasts|worked), lasted only, lasted [about|less than]
        (a|one|two|three|2|3|4|5) (day|days|week|weeks|month|months|hours), lasted (a|an|one)
        (whole|full|entire|impressive) (hour|morning|afternoon|evening|day|night|weekend|week|month), lasted (all
        of|a grand total of), bricked, ruined, destroyed""",
        topic="quality",
    ),
    Block(
        _EN,
        -0.75,
        """(poor|bad|low|cheap|terrible|awful|worst|inferior) quality, cheaply made, poorly made, badly made,
        (feels|looks|seems|looked|felt) cheap, flimsy, wobbly, stained, stain, stains, faded, fades, fading,
        used item, second hand, blurry, noisy, smells (bad|awful|weird| terrible|funny|horrible|like),
        smelled, stinks, stink, smelly, wore out, loose threads, low grade, uncomfortable, itchy, scratchy,
        rough, fell short, overheats, overheating""",
        topic="quality",
    ),
    Block(
        _EN,
        -0.8,
        """stale, expired, out of date, rotten, rotted, mold, mould, moldy, mouldy, spoiled, inedible,
        undercooked, tasteless, bland, (tastes|tasted) (bad|awful|weird|off|horrible|like), gone off,
        disgusting taste, soggy""",
        topic="taste",
    ),
)

SHOP = (
    Block(
        _EN,
        -0.9,
        """never (arrived|came|showed up|turned up|delivered|received|shipped|got here), n't [even]
        (arrive|arrived|come|show up|shown up|turn up|turned up) [yet], n't [ever|even] (receive|received|been
        delivered|get|gotten|got) (it|my|the|anything| parcel|package|order|any), n't received, never received
        ~ (order|parcel|package|it), not (arrived|received|delivered|here) [yet], still
        (waiting|n't|not|no|nothing|missing), still n't (arrived|here|received|come), nowhere to be
        (found|seen), lost (my|the|our) (order|parcel|package|item), (parcel|package|order) [is|was|got] lost,
        (been|be) waiting, waiting ~ (weeks|days|months|ages|forever), delivered to the wrong, (left|dumped) ~
        (rain|bin)""",
        intents=_ORDER,
        topic="delivery",
        firm=True,
    ),
    Block(
        _EN,
        -0.75,
        """weeks late, days late, arrived [too|very|so] late, (took|takes|taking|take)
        (forever|ages|weeks|months|too long|so long|way too long| very long|a long time|long), forever to
        (arrive|come|get), (so|too|very|arrived|came| delivered|was|is|are|again|days|hours|weeks|always|it)
        late, late (again|delivery), [long] overdue, delayed, delay, delays, slow delivery, slow shipping,
        (delivery|shipping) [was|is] [so|very|too|really|extremely] slow, courier ~ (threw|left|rude), n't
        deliver, stuck in (customs|transit), postponed, rescheduled""",
        topic="delivery",
    ),
    Block(
        _EN,
        -0.85,
        """wrong (size|item|colour|color|order|product|one|thing|model|address|parcel|shoes|
        shirt|part|version|flavour|flavor|amount|person|pair), sent ~ wrong, sent me the wrong,
        (is|are|was|were) [all] wrong, something [is] wrong, went wrong, incorrect, (is|are|was|
        were|still|parts|items|pieces|one) missing, missing (item|items|part|parts|piece|pieces|
        from|a|the|my|one|two|half|screws), incomplete, only (got|received) (half|part|one|two), only
        (one|two|half|part|some|1|2|3) ~ (arrived|came| received|delivered|there|inside), different
        (colour|color|size|product|item) (than|from|to), mix up, mixed up""",
        topic="product",
    ),
    Block(
        _EN,
        -0.6,
        """too (small|big|tight|large|short|long|narrow|wide|loose|baggy), (n't|not) fit, (n't|not)
        [really|even|properly] fit*, runs (small|large|big), size is (off|wrong)""",
        topic="size",
    ),
    Block(_EN, -0.3, "(a bit|a little|slightly) (small|big|tight|large|short|long|loose|wide)", topic="size"),
    Block(
        _EN,
        -0.5,
        """too (heavy|thin|thick|loud|salty|sweet|slow|weak|dark|hard|soft|fragile|complicated|
          spicy|bitter|dry|hot|cold|noisy|much|little)""",
    ),
    Block(
        _EN,
        -0.75,
        """overpriced, over priced, too expensive, too pricey, so expensive, (charged|billed) [me]
        (twice|double|again|extra|wrong), double charged, overcharged, hidden (fee|fees|cost| costs|charges),
        not worth the (money|price), unexpected (charge|fee), cheaper elsewhere, price went up, robbed,
        [biggest|such a] rip [off] price""",
        topic="price",
    ),
    Block(
        _EN,
        -0.85,
        """rude, unhelpful, ignored, ignoring, ignores, impolite, disrespectful, arrogant, (nobody|no
        one|noone|no body) ~ (answer*|repl*|respon*|help*|care*|told|call*| pick*|came|come|knows), no
        (reply|response|answer|answers|communication|help|news|
        update|updates|support|notification|explanation), n't [even] (reply|replied|respond|
        responded|answer|answered|call back|called back|help|care|listen|pick up|get back| got back|gotten
        back), never (replied|answered|responded|called back|got back|help*| reply|answer), on hold, hung up,
        (emailed|called|contacted|wrote|messaged|phoned|written| asked|tried) ~ (times|twice|again), passed
        around, runaround, run around, (bad|poor|terrible|awful|worst|horrible) (service|customer
        service|support), no customer service, zero help, not helpful, n't helpful, brushed off, lied, lies,
        lying, promised ~ (but|never)""",
        topic="service",
    ),
    Block(
        _EN,
        -0.9,
        """(want|need|demand|give|gimme|get|asking for|request|requesting|like) [me] [a|my|the|an] [full]
        (refund|refunded|money back), money back, (want|like) to be refunded, (still|yet) ~ refund*,
        (no|n't|never) ~ refund*, where is my (refund|money), refund me, refund (now|please|asap|immediately),
        (please|must) refund, waiting for [my|a|the] refund, chargeback, dispute the charge, reimburse*""",
        intents=_REFUND,
        topic="returns",
        firm=True,
    ),
    Block(_EN, -0.5, "refund, refunds, refunded", intents=_REFUND, topic="returns", firm=True),
    Block(
        _EN,
        -0.5,
        """(want|need|like|have|going|had|trying|tried) to (return|send back) (it|this|them|these| my|the),
        sending (it|them|this) back, (send|sent|take) (it|them|this) back, returning (it|them|this),
        (want|need|like) [an|a] (exchange|replacement)""",
        intents=(Intent.RETURN,),
        topic="returns",
        firm=True,
    ),
    Block(
        _EN,
        -0.6,
        """where (is|are|) [the] [hell|heck] (my|our), wheres my, where [is] (my|the|our) ~ (order|
        parcel|package|delivery|stuff|item|shoes|boots), when am i (getting|receiving), when (will|do) i
        (get|receive) my, why ~ (n't|not) (arrived|shipped|delivered|here|come), what happened to my
        (order|parcel|package|delivery), n't shipped, not shipped, any (news|update) on my
        (order|parcel|package|delivery|refund)""",
        intents=_ORDER,
        topic="delivery",
        firm=True,
    ),
    Block(
        _EN,
        -0.6,
        """how much longer, how many more (days|weeks|months|hours|times), how long (do|must|will|am|should|have) i ~
        (wait|waiting|supposed), (do|must|should|will) i (have|need) to wait""",
        topic="delivery",
        firm=True,
    ),
    Block(
        _EN,
        -0.5,
        """cancel (my|the|this|our|it|everything|order|subscription|membership|account|contract),
        (want|like|need|wish) to cancel, please cancel, cancelling my, canceling my""",
        intents=(Intent.CANCEL,),
        firm=True,
    ),
    Block(
        _EN,
        -0.7,
        """(app|website|site|page|checkout|link|button|login|password|payment|form|code|coupon| voucher|account)
        ~ (crash*|broken|down|error|errors|freezes|froze|fails|failed|bug|bugs| buggy|stuck|glitch*|invalid),
        (app|website|site|page|checkout|link|button|login|payment| form|code|coupon|voucher) ~ n't
        (work|working|load|loading|open|opening|go through| accept|let), n't (log in|login|sign in|check
        out|access my account|load the page|place ~ order), error (message|code), [a] bug in, buggy, app
        keeps, crashes, crashing, glitch*, 404""",
        intents=(Intent.BUG,),
        topic="website",
    ),
)

PRAISE = (
    Block(
        _EN,
        0.95,
        """love, loved, loves, loving, adore*, perfect, perfectly, perfection, excellent, amazing, amazingly,
        awesome, awsome, fantastic, wonderful, wonderfully, brilliant, outstanding, superb, fabulous,
        gorgeous, stunning, delighted, thrilled, ecstatic, phenomenal, exceptional, incredible, incredibly
        [good|happy|fast|helpful], magnificent, flawless*, impeccable, marvelous, marvellous, terrific,
        stellar, top notch, first class, world class, spot on, exactly (what|as) i
        (needed|wanted|expected|hoped|ordered|was looking for), exactly as (described|pictured|shown), just
        what i (needed|wanted), n't (be|been) (happier| better|more pleased|more satisfied|easier|more
        helpful), n't (ask|asked) for (more|better), n't ~ be happier, never (had|seen|been|used|owned) ~
        (better|happier), n't recommend ~ (enough|more), highly (recommend|recommended), 100 recommend,
        (best|better) than expected, exceeded [my|our|all] expectations, blown away, game changer, n't fault,
        n't fault, above and beyond, life saver, lifesaver""",
    ),
    Block(
        _EN,
        0.75,
        """great, greatly, gr8, grt, happy, happily, pleased, satisfied, glad, impressed, impressive, lovely,
        beautiful, beautifully, delicious, yummy, tasty, scrumptious, well
        (made|packed|packaged|done|built|designed|crafted), recommend, recommended, recommending,
        (will|would|i ll) [definitely|certainly|totally] (buy|order|shop|be back|use| purchase|return) ~
        again, (buy|order|buying|ordering|shopping) [from] [you|here|them|it] again, be back, told [all] my
        friends, works (great|well|perfectly|fine|like a charm|as expected|as advertised), fits
        (great|well|perfectly|like a glove|nicely), love it, worth (it|every penny|the money|every cent|the
        price|the wait), comfy, comfortable, very good, really good, so good, super
        (fast|quick|nice|happy|helpful|friendly), super, enjoy*, cute, stylish, elegant, favourite, favorite,
        appreciate*, grateful, thankful, best, good job, well done, nice job, great job, keep it up, keep up
        the, (ruined|spoiled|spoilt) [all|every|any] other ~ for (me|us), my (wallet|bank account|bank) [account]
        (hates|hate|cries|weeps|suffers), (need|want) (it|them|one|this|these) in every
        (colour|color|size|flavour|flavor), take my money, dangerously
        (good|delicious|tasty|comfy|comfortable|addictive|moreish), nothing but (good|great|praise|positive), no
        regrets, smooth, smoothly, rocks""",
    ),
    Block(
        _EN,
        0.6,
        """good, nice, nicely, helpful, friendly, kind, polite, attentive, professional, fast, quick, quickly,
        prompt, promptly, speedy, swift, on time, in time for, early delivery, sturdy, reliable, durable, high
        quality, good quality, as (described|advertised|promised| pictured), arrived (safely|quickly|early|on
        time|fast|promptly), sweet, cool, worked, works well, easy, no
        (problem|problems|issue|issues|complaints|complaint|trouble|troubles|worries| hassle|fuss), zero
        (problems|issues|complaints), without [any|a] (problem|problems|issue| issues|hassle|trouble|hitch),
        nothing to complain, n't complain, not [too|so|half|at all] bad, n't [too|so|half|that] bad, not bad
        at all, nothing wrong, n't disappoint*, never disappoint*, never let me down, n't wait to
        (use|wear|try|see|order|show), n't wait, all good, all fine, all great, all is (good|well|fine),
        works, fits, does the job, does its job, it is working, good value, value for money, bargain, happy
        with, like it, like them, i like, we like, likes it, liked it, really like, thumbs up, looking
        forward, handy, useful, fun, thank you so much, thanks so much, many thanks, n't ~
        (complaints|complaint), (thanks|thank you) for ~ refund, (got|received) my refund, never
        (fail|fails|failed) to, solved, sorted, fixed it, resolved""",
    ),
    Block(
        _EN,
        0.3,
        "thanks, thank you, thank u, thankyou, thx, thnx, tnx, ty, tysm, cheers, as expected, welcome",
    ),
)

PLAIN = (
    Block(
        _EN,
        0.0,
        """nothing short of, smoking hot, (was|is|were|are|it|its|just|only) [just|only]
        (ok|okay|fine|alright|average), not only, n't only, not just, not to mention, n't believe, n't know,
        n't understand, n't matter, no idea, no wonder, no matter, no need, no doubt, n't mind, not sure, n't
        sure, n't think so, why not, n't forget, n't get me wrong, n't worry, (refund|return|returns)
        (policy|process|procedure|label), (order|invoice|customer|phone) (number|no|nr), my
        (number|address|email|phone|name) is, (arrived|came|delivered|received it|got it) (yesterday|
        today|this morning|last week|on monday|on tuesday|on wednesday|on thursday|on friday| on saturday),
        (bought|ordered|purchased|got) (it|them|this|these) (last|on|in|yesterday| today|for), opening hours,
        good (morning|afternoon|evening|day|night), would be (nice| great|good|perfect|lovely) if, how
        (much|many|long|big|far|old), so far, a lot, lots of, not yet tried, n't tried [it] yet, n't used [it]
        yet, n't opened [it] yet, kind of, best regards, kind regards, best wishes, a good time to, bad
        weather, smoke detector*, fire (pit|place|stick|tv), fireplace, as soon as, as well, pretty
        (much|sure), n't yet, more or less, like to (know|ask|order|buy), (would|d) like (it|them) (in|to|if),
        looks like, feel like, look like, something like, sounds like, like a, like this, like that, credit
        card, gift card, free shipping, last (monday|tuesday|wednesday|thursday|friday|
        saturday|sunday|week|month|year|night), for (myself|my ~ birthday|christmas|a friend)""",
    ),
    Block(
        _EN,
        0.0,
        """how (do|can|would) i return, return (it|them|this), how to return, return label, (exchange|swap)
        (it|them|this)""",
        intents=(Intent.RETURN,),
        topic="returns",
    ),
    Block(
        _EN,
        0.0,
        """when (will|does|is|would) ~ (arrive|delivered|come|ship|get here|shipped), track my
        (order|parcel|package), tracking (number|link|info|code|id), (status|eta) (of|for|on) my
        (order|parcel|package|delivery), is it shipped""",
        intents=_ORDER,
        topic="delivery",
    ),
)

WANTS = (
    Block(
        _EN,
        0.0,
        """(speak|talk|chat|connected|transferred) (to|with) ~ (human|person|agent|someone|somebody|
        operator|representative|rep|manager|supervisor|staff|employee|advisor|assistant|people),
        (speak|talk|chat) (to|with) [your] [customer] (service|support|team), (connect|transfer|escalate|put)
        me (to|with|through), (real|actual|live|need a|want a| get me a|is there a)
        (human|person|agent|operator|representative) [please], human (please|now|agent|being| support|help),
        agent please, person please, (someone|somebody|anyone|anybody|person| human|manager|agent) ~
        (call|phone|ring|contact|help|speak to) [me], call me [back] (please|back|asap|now|today|tomorrow),
        (please|pls|can you|could you) (call|phone|ring) me, give me a (call|ring), not a (bot|robot|machine),
        n't want to (talk|speak|chat) (to|with) a (bot|robot|machine|computer), are you (human|a human|a bot|a
        robot|real|a real person), customer service (agent|number|rep), get me (a|the|your)
        (manager|supervisor), let me (speak|talk)""",
        intents=(Intent.PERSON,),
        firm=True,
    ),
    Block(
        _EN,
        0.0,
        """human, a human, person, agent, operator, representative, call me, call me back, call, talk to human,
        speak to human, talk to someone, speak to someone, talk to agent, help me, manager, real person, speak
        to a human, talk to a person, live chat, live agent""",
        intents=(Intent.PERSON,),
        whole=True,
    ),
    Block(
        _EN,
        0.0,
        """stop (messaging|texting|contacting|writing|spamming|emailing|bothering|pestering| writing
        to|harassing) [me|us], stop sending [me|us] [these|this|those|any|more|your]
        (messages|texts|emails|spam|stuff|surveys|me|this|these), stop (the|these|this|all|your)
        (messages|texts|emails|spam|surveys|reminders), (n't|not|never) (message|text|contact|write| write
        to|email|bother|send|ask) me (again|anymore|any more|messages|more|anything), (n't|not|never)
        (message|text|contact|email|bother|spam) me, no more (messages|texts|emails| surveys|spam),
        unsubscribe (me|please|from), (to|i|please|how do i|want to|me) unsubscribe, opt (out|me out), opting
        out, remove me from, take me off, leave me alone, (delete|remove) my (number|contact)""",
        intents=(Intent.STOP,),
        firm=True,
    ),
    Block(
        _EN,
        0.0,
        """stop, stop it, stop this, stop now, stop all, stopall, just stop, stop bot, unsubscribe, unsub, opt
        out, optout, quit, enough messages, remove me, no more""",
        intents=(Intent.STOP,),
        whole=True,
    ),
    Block(
        _EN,
        0.0,
        """(you can|you may) (message|text|write|contact) me again, opt (in|me in|back in), (resume|restart)
        (messages|the messages|messaging), subscribe me, sign me up again""",
        intents=(Intent.RESUME,),
    ),
    Block(
        _EN,
        0.0,
        "resume, start again, subscribe, unstop, resubscribe, subscribe again, opt in, restart",
        intents=(Intent.RESUME,),
        whole=True,
    ),
    Block(
        _EN,
        -0.4,
        "cancel, cancel it, cancel order, cancel my order, cancel this",
        intents=(Intent.CANCEL,),
        whole=True,
        firm=True,
    ),
)

SAFETY = (
    Block(
        _EN,
        -0.9,
        """injur*, hurt (me|my|him|her|us|himself|herself|myself|his|our|the|someone|a|badly|in),
        (got|get|been|was|were|is|badly|seriously) hurt, hurts to breathe, hurts my (eyes|back|skin|
        head|chest|throat), bleed*, bled, blood, (burn|burns|burned|burnt|burning) [on] (me|my|
        him|her|his|our|the skin|skin), burn (mark|marks|injury), chemical burn, (got|get|was| badly) burned,
        allerg*, rash, rashes, hives, anaphyla*, skin ~ (red|reaction|burns| irritated|peeling|swollen),
        swollen (face|lips|eyes|throat|skin|tongue), swelling, skin reaction, skin irritation, blister*,
        poison*, vomit*, threw up, throwing up, made (me|us|him|her) (sick|ill), (got|getting|been)
        [very|really] sick, food poisoning, choke, choked, choking [hazard], swallowed, electric shock,
        electrical shock, (got|get|gave me) a shock, electrocut*, sparks, sparking, (caught|catch|catches|set)
        [on] fire, (is|was|were|went) on fire, house fire, (started|caused|causing) a fire, fire hazard,
        smoke, smoking, explod*, explosion, fumes, carbon monoxide, gas leak,
        (glass|metal|plastic|needle|nail|screw) in (my|the|our|it) ~
        (food|mouth|cake|bread|soup|drink|salad|bottle), (piece|pieces|shard|shards) of (glass|metal), cut
        (myself|himself|herself), cut (my|his|her) (finger*|hand*|leg|foot|lip|arm), hospital*, emergency
        room, ambulance, a and e, (see|saw|went to|call|called|seeing) (a|the|my) doctor, dangerous, unsafe,
        safety hazard, hazard, toxic, suicid*, kill (myself|me), self harm, hurting myself, end my life""",
        intents=_DANGER,
        firm=True,
    ),
    Block(
        _EN,
        -0.8,
        """lawyer*, attorney*, solicitor*, legal (action|advice|steps|proceedings|team|department), sue, suing,
        lawsuit, see you in court, small claims, go to court, take ~ court, trading standards, consumer
        (protection|rights|court), ombudsman, police, better business bureau, report you to""",
        intents=_LEGAL,
        firm=True,
    ),
    Block(
        _EN,
        -0.4,
        """(husband|wife|mother|mom|mum|father|dad|son|daughter|grandmother|grandma|grandfather|
        grandpa|brother|sister|friend|partner|uncle|aunt|baby|child|owner|dog|cat) ~ (died|dies| passed
        away|dead|death), (he|she|who) (died|passed away|has died|has passed), passed away, funeral*,
        bereave*, deceased, cremat*, in mourning, death in the family, dying""",
        intents=_LOSS,
        firm=True,
    ),
    Block(_EN, -0.7, "hurt my (feet|foot|toes|heels|ears), hurts my (feet|foot|toes|heels), hurts", topic="size"),
)

SHORT = (
    Block(
        _EN,
        0.0,
        """ok, okay, okey, okie, oki, k, kk, okk, yes, yep, yup, yeah, ya, yea, no, nope, nah, sure, alright, all
        right, got it, noted, understood, will do, fine, it is fine, its fine, it fine, so so, average, okay
        thanks, ok thanks, ok thank you, k thanks, fine thanks, fine thank you, maybe, not sure, dunno, i n't
        know, idk, hmm, hm, ah ok, oh ok, no thanks, no thank you, done, received, it arrived, arrived, it ok,
        its ok, it is ok, ok i guess, not yet, later, alright thanks, yes please, none, nothing, test""",
        intents=(Intent.ACKNOWLEDGE,),
        whole=True,
    ),
    Block(
        _EN,
        0.3,
        """thanks, thank you, thx, ty, tysm, thank u, thankyou, thanks a lot, thank you very much, many thanks,
        thanks so much, thank you so much, cheers, much appreciated, thnx, tnx, thanks again, thank you all,
        thanks guys, thanks a million, great thanks""",
        intents=(Intent.THANKS,),
        whole=True,
    ),
    Block(
        _EN,
        0.0,
        """hi, hello, hey, hiya, hi there, hello there, hey there, good morning, good afternoon, good evening,
        good day, yo, greetings, start, morning, howdy, hi bot, hello bot""",
        intents=(Intent.GREETING,),
        whole=True,
    ),
)

TOPICS = {
    "delivery": """delivery deliver delivered delivers delivering shipping shipped shipment courier
        parcel postage post driver arrived arrive arrives arrival tracking dispatch dispatched dhl
        ups fedex usps dpd hermes carrier""",
    "quality": """quality material materials fabric stitching zipper zip seam seams durable
        durability sole soles leather build finish sturdy workmanship""",
    "size": "size sizes sizing fit fits fitted fitting small large tight loose",
    "price": "price prices priced pricing cost costs expensive cheap value money pricey fee fees",
    "service": """service support staff agent agents rep representative employee team helpful rude
        assistant seller communication""",
    "product": """product products item items boots boot shoes shoe jacket dress shirt phone bag
        headphones speaker lamp chair table watch coat sweater trousers jeans bottle camera laptop
        charger toy blanket sofa mattress colour color""",
    "website": "website site app page checkout login account online webshop interface",
    "returns": "return returns returned refund refunds refunded exchange replacement",
    "packaging": "packaging packed package packaged box wrapping wrapped boxed carton envelope",
    "taste": "taste tastes tasted tasty flavour flavor flavours delicious yummy coffee cake food",
}

IN_GENERAL = (
    Block(
        _EN,
        0.0,
        """(refund|refunds|refunding|money back) [and returns] (policy|policies|process|procedure|procedures|rules|rule|
        terms|conditions|period|window|guarantee)""",
        intents=(Intent.REFUND,),
    ),
    Block(
        _EN,
        0.0,
        """(return|returns) [and refund|and refunds|and exchange] (policy|policies|process|procedure|procedures|rules|
        rule|terms|conditions|period|window|label|labels|shipping|postage|fee|fees|cost|costs), right of return""",
        intents=(Intent.RETURN,),
    ),
    Block(_EN, 0.0, "(cancellation|cancelation) (policy|policies|terms|rules|fee|fees)", intents=(Intent.CANCEL,)),
)
"""What a shop has for everybody: who names it speaks of the shop's rules, and wants nothing by that alone."""

ASKED_IN_GENERAL = (
    Block(
        _EN,
        0.0,
        """refunds, refundable, (refund|refunded) (take|takes|work|works), refund ~ (take|takes), get a [full] refund
        if, be refunded""",
        intents=(Intent.REFUND,),
    ),
    Block(_EN, 0.0, "returns, returnable, be (returned|exchanged|sent back)", intents=(Intent.RETURN,)),
    Block(
        _EN,
        0.0,
        """cancellations, cancellable, cancelable, be (cancelled|canceled), cancel (an order|orders|a subscription|
        subscriptions|any time|anytime)""",
        intents=(Intent.CANCEL,),
    ),
)
"""The same in a question: "do you do refunds?", "how long does a refund take?"."""

BLOCKS = (*SAFETY, *WANTS, *BROKEN, *SHOP, *COMPLAINTS, *PRAISE, *PLAIN, *SHORT)
