"""The plots. A plot is a list of paragraphs; a paragraph is a list of sentences; `[a|b]` is a choice and `{x}`
a name that grammar.py binds once per story, so that persons, pronouns and things stay the same to the end.

H hero, F friend, E elder, G the big stranger; `the_H` is "the little fox", `He/he/him/his` are the hero's
pronouns, `Fe/fe/fim/fis` the friend's, `Ee/ee/eim/eis` the elder's, `Ge/ge/gim/gis` the stranger's.
"""

OPENINGS = [
    "[Once upon a time|Once upon a time|Once upon a time|Long ago|A long time ago|Many years ago] [there was|there lived] {a_H} "
    "[named|called] {H}. {He} lived in {home}.",
    "[Once upon a time|Once upon a time|Once], in {home}, there lived {a_H}. [{His} name was {H}.|Everyone called {him} {H}.]",
    "[In a land far away|Not far from {place}|Beside {place}|Near {place}] there lived {a_H} [named|called] {H}. "
    "{His} home was {home}.",
    "{H} was {a_H} who lived in {home}.",
    "There was once {a_H} [named|called] {H}, who lived in {home}.",
    "One [morning|day|evening] {weather}, and {a_H} [named|called] {H} looked out of {home}.",
]

HABITS = [
    "Every morning {he} [walked to|ran to|looked over at|said hello to] {place} and [counted the clouds|ate some {food}|sang a little song].",
    "{He} liked {food}, [long walks|rainy days|funny songs] and [warm evenings|stories about the sea|the smell of rain].",
    "In the evening {he} [often|always] sat [by the window|on the step|under a tree] and [watched the stars|ate {food}|told stories].",
    "{He} was [never in a hurry|always full of questions|known for {his} good heart].",
    "Nobody could make better {food} than {H}.",
]

FRIEND = [
    "{His} best friend was {a_F} [named|called] {F}. [They did everything together.|Every day they played near {place}.]",
    "{He} had one very good friend, {a_F} [named|called] {F}.",
    "Next door lived {a_F} [named|called] {F}, and the two were the best of friends.",
]

DAYS = [
    "One [day|morning|afternoon]", "One [sunny|rainy|windy|cold] [day|morning|afternoon]", "On a [Monday|Sunday|summer morning|winter day]",
    "One [day|morning], when {weather},",
]

TOGETHER = [
    "[From that day on|After that], {H} and {F} [were never lonely again|met every day|were better friends than ever].",
    "And if you walk to {place} [today|in the evening], you [can|may] still hear them laugh.",
    "That night they ate {food} until they could eat no more.",
    "And {F} told the story again and again, and each time it grew a little longer.",
]

ENDINGS = [
    "And they lived happily ever after.",
    "{H} went to bed with a smile, and the moon smiled back.",
    "\"What a day,\" said {H}, and {he} fell asleep at once.",
    "And everyone slept well.",
    "And that was the best day of all.",
]

ASK = [
    "\"Have you seen my {thing}?\" {H} asked {the_X}. \"No,\" said {the_X}, \"but [I will help you look|you should ask {the_E}|have a look near {place}].\"",
    "{He} asked {the_X}. \"A {thing}? I have only seen [a cloud|two snails|my own feet] today,\" said {the_X}.",
    "{He} met {the_X}. \"[Dear|Good] {x_kind}, where is my {thing}?\" asked {H}. But {the_X} only [shook {xis} head|shrugged|looked sad].",
]

SEARCH = [
    "They looked [near|all around] {place}, [in every corner|behind every stone], but they found only [an old shoe|three feathers|a sleeping snail].",
    "{F} looked [up|left] and {H} looked [down|right], but there was no {thing}.",
    "They [called its name, but of course a {thing} cannot answer|followed small tracks in the mud, but the tracks were their own].",
]

# Very short texts that only say the same names and things again: see ROWS in train.py.
ECHOES = [
    "\"[Yes|No|Come with me|Look at that|I am hungry|Good morning|What a day|Let us go],\" [said|cried|asked|thought] {H}.",
    "{H} [laughed|smiled|sat down|jumped for joy|shook {his} head|looked at the sky|began to cry].",
    "{H} had {a_thing}, and {he} loved the {thing} very much.",
    "{day} {H} took the {thing} and [ran|went|walked] to {place}.",
    "\"[Thank you|Dear|Oh], {H},\" said {the_E}. {The_E} [nodded|smiled].",
    "{H} was {a_H}. [Everyone liked the {h_kind}.|There was no other {h_kind} like {H}.]",
    "{F} was {a_F}. \"[Hello|Where are you|Look], {F},\" said {H}. \"[Here I am|What is it], {H},\" said {F}.",
    "{H} [ate {food}|made {food}]. \"[I like|More] {food},\" said {H}.",
]

PLOTS = {
    "lost": [
        ["{He} had {a_thing}, and {he} loved it [more than anything|very much|with all {his} heart]. It {thing_does}."
         "| {H} owned only one treasure, {a_thing}. It {thing_does}."],
        ["{day} the {thing} was gone. [{H} looked under the bed, behind the door and even in the soup, but it was not there.|"
         "{H} turned the whole house upside down, but {he} could not find it.|{H} began to cry.]",
         "\"[Do not cry|Do not worry|Come on], {H},\" said {F}. \"[We will look for it together|I will help you find it].\""],
        ["{ask}", "{search}",
         "[At last|After a long walk] they came to {the_E}. \"[Please|Dear {e_kind}|Oh wise {e_kind}],\" said {H}, \"[I have lost my {thing}. Where can it be?|have you seen my {thing}?]\""],
        ["{The_E} [thought for a while|closed {eis} eyes|smiled]. \"[Things are often lost where we were happy|Look {hiding}, and be quick|The wind passed here with something in its arms. Look {hiding}],\" {ee} said.",
         "{H} and {F} ran [as fast as they could|all the way|without a word]. And there it was, {hiding}! The {thing} was [a little wet, but it was not broken|full of dust, but it was whole|waiting for them]."],
        ["{H} [jumped for joy|laughed out loud|hugged {F}]. \"[Thank you, {F}|I could never have done it without you],\" {he} said.",
         "{moral_kind}"],
    ],
    "skill": [
        ["{H} had one great wish: {he} wanted to {skill}.|More than anything, {H} wanted to {skill}.",
         "\"[Nobody in my family can {skill}|I will never learn to {skill}|I wish I could {skill}],\" {he} [sighed|said sadly|told {F}]."],
        ["{day} {he} tried it for the first time. {He} {skill_fail}. [Everyone laughed|Even the snails laughed|Some of the others laughed], but {F} did not laugh.",
         "\"[You should ask {the_E}|{The_E} knows all about {skilling}|Let us go to {the_E}],\" said {F}. \"{Ee} can [help you|teach you].\""],
        ["So they [walked|went|set off] to {place}, where {the_E} lived. \"[Please|Dear {e_kind}], can you teach me to {skill}?\" asked {H}.",
         "{The_E} [nodded|smiled|looked at {him} for a long time]. \"{skill_lesson},\" {ee} said. \"[And come back tomorrow|And never give up|That is the whole secret].\""],
        ["{H} [practiced every day|tried again and again|came back every morning]. [The first week {he} failed.|At first it was hard.] [The second week it was a little better.|But each day it went a little better.]",
         "[And then, one morning, it worked!|And then, one day, {he} could do it!|And one evening {he} noticed that it was easy.] {H} could {skill} [better than anyone in the valley|as if {he} had never done anything else|and the whole village came to see it]."],
        ["\"[You did it!|Look at you!|I knew it!]\" [cried|shouted|said] {F}. {H} [blushed|bowed|smiled from ear to ear]. \"[Now I will teach you too|It was not so hard after all|I only had to try once more],\" {he} said.", "{moral_try}"],
    ],
    "fear": [
        ["But {H} had a secret: {he} was afraid of {fear}.|There was only one thing that {H} did not like: {he} was afraid of {fear}.",
         "When {fear_when}, {he} [hid under {his} blanket|closed {his} eyes and counted to a hundred|stayed at home and locked the door]."],
        ["{day} {F} did not come home. [{H} waited and waited.|The soup grew cold.] \"[Where can {fe} be?|Something is wrong,]\" [thought|said] {H}.",
         "Then {the_X} came [running|along the path]. \"[Quick|Help|Listen]! {F} is [stuck|caught|lost] {hiding}!\" {xe} [cried|called]."],
        ["{H}'s knees [shook|turned to jelly], for {fear_when}. [But a friend is a friend.|But {he} thought of {F}.] {He} took {his} {thing} and [went out|stepped outside|began to walk].",
         "On the way {he} met {the_E}. \"[Are you not afraid|Where are you going all alone], {H}?\" {ee} asked. \"[Yes, but {F} needs me|I am, but I am going anyway],\" said {H}."],
        ["[At last|Soon] {he} heard a small voice. \"[{H}, is that you?|I am here!]\" It was {F}, {hiding}.",
         "{H} [held out {his} hand|made a rope out of grass|pulled with all {his} strength], and [one, two, three,|with a big jump] {F} was free. \"[You came|You were so brave]!\" said {F}."],
        ["[On the way home|That night] {H} noticed something [strange|funny]: {he} was not afraid any more. Perhaps {fear_truth}.", "{moral_brave}"],
    ],
    "seed": [
        ["{day} {H} found {a_seed} on the path near {place}. [\"What is that?\" {he} wondered.|It was so small that {he} almost stepped on it.]",
         "\"[Plant it|Put it into the ground], {give_it} [water|some water] and wait,\" said {the_E}. \"[You will see|Good things grow slowly].\""],
        ["So {H} [dug a hole|made a little bed of earth] behind {his} home and planted the {seed}. {He} gave it water [every morning|every day] and [sang it a song|told it a story] every evening.",
         "[But nothing happened.|But the ground stayed empty.] \"[It will never grow|It is asleep|Perhaps it is only a stone],\" said {F}. \"[Wait|Be patient],\" said {the_E}."],
        ["[A week went by|The rain came and went|The moon grew round and thin again]. Then, [one morning|at last], there was [a tiny green leaf|something green]! {H} [danced around it|called all {his} friends|did not dare to breathe].",
         "It grew and grew. [In spring it was as tall as {F}|In summer it was taller than the door], and [soon|in the end] it had become {plant}."],
        ["In autumn it was full of {fruits}. \"[They are all yours|You can keep them all],\" said {F}. But {H} shook {his} head. \"[There is enough for everyone|Nobody can eat so many {fruits} alone],\" {he} said.",
         "So {he} gave a basket to {the_E}, a basket to {the_X}, and a basket to everyone who passed by. Together they made {food}."],
        ["And {H} kept one single seed, [for next year|for another day|for someone small who might walk by].", "{moral_kind}"],
    ],
    "build": [
        ["{H} loved to build things. {day} {he} had an idea: {he} would build {a_build} {build_where}.",
         "\"[That is too hard for you|You are too small for that],\" said {the_X}. \"[We will see|Then I will do it slowly],\" said {H}."],
        ["{He} [collected wood|carried boards|found nails and rope] [all day|from morning to night]. [Tap, tap, tap went the hammer.|Soon there was a great heap behind the house.]",
         "In the evening the {build} was ready. But in the night [a storm came|the wind blew hard], and in the morning [it lay in pieces|nothing was left but sticks]."],
        ["{H} sat down and [cried|said nothing for a long time]. Then {the_E} came by. \"[One stick breaks easily, but ten sticks together do not|Whoever builds alone builds twice],\" {ee} said.",
         "{H} understood. {He} went to {F} and to {the_X}. \"[Will you help me|Shall we build it together]?\" {he} asked. \"[Of course|We thought you would never ask]!\" they [said|cried]."],
        ["{F} [held the boards|brought the rope], {the_X} [carried the stones|sawed the wood], and {H} [hammered|showed them how]. They [sang|laughed] while they worked.",
         "[After three days|At the end of the week] the {build} was ready, and it was stronger than before. The next storm came, and the {build} [did not move|only creaked a little]."],
        ["Now {build_use}. [They had a party with {food}.|{The_X} said sorry, and {H} gave {xim} the first turn.]", "{moral_kind}"],
    ],
    "stranger": [
        ["Near {place} lived a {G}, and everyone was afraid of {gim}. {G_why}.",
         "\"[Never go there|Do not go near {place}],\" said {the_X}. \"The {G} eats [little ones like you|children for breakfast|everything that moves].\""],
        ["{day} {H}'s {thing} [rolled|flew|fell] [over the fence|through the gate] and landed right in front of the {G}'s door. \"[Leave it|Let us run]!\" [whispered|cried] {F}.",
         "But {H} loved {his} {thing}. {He} [took a deep breath|counted to ten] and knocked. [Knock, knock, knock.|The door opened slowly.]"],
        ["There stood the {G}. {Ge} was [very big|as tall as the door], but {gis} eyes were [sad|red from crying]. \"[Have you come to laugh at me|Why did you come]?\" {ge} asked.",
         "\"[No|Good morning],\" said {H}. \"I only want my {thing}. [Why are you so sad?|Are you crying?]\" \"[Because nobody ever visits me|Because I am always alone],\" said the {G}."],
        ["{H} [thought for a moment|smiled]. \"[Do you like {food}?|Would you like to play with us?]\" {he} asked. The {G} [had never been asked such a thing|began to smile]. \"[Very much|Oh yes]!\" {ge} said.",
         "Soon all three sat [in the sun|around the table] and ate {food}. The {G} [told the funniest stories|could sing beautifully|knew a hundred games]."],
        ["[In the evening|The next day] {H} told everyone. [At first nobody believed it.|One after the other they came to visit.] [Even {the_X} came and said sorry.|Soon the {G} had more friends than chairs.]", "{moral_brave}"],
    ],
    "race": [
        ["{day} there was a race. [Everyone who wanted could {race}.|The one who could {race} first would win {a_thing}.] {The_X} was [very fast|sure to win]. \"[You are too slow|You will be last], {H},\" {xe} [laughed|said]."],
        ["\"[I will try anyway|We will see about that],\" said {H}. \"[Ready, steady, go|One, two, three]!\" called {the_E}, and [off they went|the race began].",
         "{The_X} was [far ahead|in front] at once. {H} was [slow|behind], but {he} did not stop. [Step by step|Little by little] {he} went on."],
        ["Half way, {H} saw {F}, who sat [by the road|on a stone]. \"[I have hurt my foot|I cannot go on],\" said {F}. {H} looked [at the road|ahead]. [If {he} stopped, {he} would lose.|The others were far away.]",
         "But {H} did not think long. \"[Lean on me|Climb on my back],\" {he} said. \"[We will go together|Friends first]!\""],
        ["So they came to {race_end} last of all. {The_X} was there already and [held the prize|stood in front of everyone]. But {the_E} [raised {eis} hand|shook {eis} head].",
         "\"[There are many who are fast|It is easy to be fast],\" {ee} said, \"but [there is only one who stopped to help|it is hard to stop for a friend]. The prize is for {H}.\" Everyone [clapped|cheered]."],
        ["{The_X} [looked at the ground|was silent]. Then {xe} [smiled|said sorry]. \"[Next time I will stop too|You have won, {H}],\" {xe} said.", "{moral_kind}"],
    ],
    "found": [
        ["{day} {H} found {a_thing} {hiding}. It {thing_does}. \"[How beautiful|What luck]!\" {he} said. \"[I will keep it|Now it is mine].\""],
        ["{He} showed it to everyone. But {the_X} [looked sad|began to cry]. \"[I had one just like it, and I lost it|That was a present from my grandmother],\" {xe} said.",
         "{H} [held the {thing} tight|did not know what to say]. {He} wanted to keep it so much! [That night {he} could not sleep.|{He} ran home and closed the door.]"],
        ["[In the morning|The next day] {he} went to {the_E}. \"[What should I do?|If you find a thing, is it yours?]\" {he} asked. {The_E} [looked at {him}|smiled]. \"[What does your heart say|How would you feel if it were yours]?\" {ee} asked.",
         "{H} [looked at {his} feet|was quiet for a while]. \"[It says that I must give it back|I would be very sad],\" {he} said [softly|at last]."],
        ["So {he} [went|ran] to {the_X} and gave {xim} the {thing}. {The_X} [laughed and cried at the same time|could not believe it]. \"[Thank you|You are a true friend], {H}!\" {xe} said. \"[We can play with it together|Come and see me every day].\"",
         "And so {H} had lost a {thing} and found a friend. {F} [was proud of {him}|brought some {food}], and they all [sat together until it was dark|played until the stars came out]."],
        ["\"[I feel so light|It was the right thing to do],\" [thought|said] {H}.", "{moral_kind}"],
    ],
    "moon": [
        ["More than anything in the world, {H} loved the moon. \"[If only I could touch it|I wish I could bring it home],\" {he} [often said|told {F}].",
         "\"[Nobody can reach the moon|The moon is too far away],\" said {the_X}. \"[Perhaps nobody has tried|Then I will need a long ladder],\" said {H}."],
        ["{day} {H} and {F} [took a rope|packed some {food}] and [went|set off] to {place}, because it was [so high|so near the sky]. They climbed [onto a rock|up the tallest tree], and {H} [stretched out {his} arms|jumped as high as {he} could]. But the moon was still far away.",
         "[Tired|Sad] and hungry they sat down. \"[We will never get there|It runs away from us],\" said {F}."],
        ["Then they heard a voice. It was {the_E}. \"What are you doing here so late?\" {ee} asked. \"[We want to catch the moon|We are looking for the moon],\" said {H}.",
         "{The_E} [laughed softly|smiled]. \"[Come with me|Follow me],\" {ee} said, and took them to [a small lake|the old well|a puddle]. There was the moon, round and white, in the middle of the water!"],
        ["{H} [knelt down|bent over] and touched it with one finger. The moon [shook a little|broke into a hundred pieces], and then it was whole again. \"[It is cold|It is laughing],\" [whispered|said] {H}.",
         "\"[You cannot keep it|Nobody can take it home],\" said {the_E}, \"but [it is here every night|it belongs to everyone who looks]. And that is better.\""],
        ["On the way home the moon [went with them|walked beside them], from tree to tree. \"[Look, it is following us|It knows us now],\" said {F}.", "{moral_try}"],
    ],
    "letter": [
        ["{day} {H} found a bottle near {place}. There was a letter in it. \"[What does it say|Read it],\" said {F}. [{H} pulled out the paper.|The paper was old and yellow.]",
         "It said: \"[I am all alone on the island|My ship is broken and I am on the island]. [Please come|Please help me]. [Bring {food}|And bring something to eat].\""],
        ["\"We must go,\" said {H}. But the island was far away, and they had no boat. So they went to {the_E}. \"[Please|Dear {e_kind}], can you lend us a boat?\" asked {H}.",
         "\"[It has a hole|It is very old],\" said {the_E}, \"but [it knows the way|it will carry you]. [Be careful|Come back before dark].\""],
        ["{H} and {F} [rowed|sailed] [all morning|for hours]. The waves were [as high as houses|big and green], and [{F} was very quiet|water came into the boat]. \"[Do not give up|Only a little more],\" said {H}.",
         "At last they saw the island. On the beach stood {the_X}, and {xe} [waved with both arms|jumped up and down]. \"[You found my letter|You came]!\" {xe} [cried|called]."],
        ["They [sat down in the sand|made a fire] and ate {food}. {The_X} told them [about the storm|how lonely {xe} had been]. \"[I wrote a letter every day|I threw ten bottles into the sea],\" {xe} said, \"and [nobody answered|only you came].\"",
         "Then all three got into the boat, and [the wind brought them home|a friendly whale pushed them home|the stars showed them the way]."],
        ["{The_X} [stayed in the village|found a little house near {place}], and {xe} [never had to write such a letter again|wrote only happy letters from then on].", "{moral_kind}"],
    ],
}
