"""The vocabulary of the stories: who, where, what. Everything here is plain data."""

# (kind, kinds of home it may have)
ANIMALS = [
    ("fox", "a den under an old oak"),
    ("rabbit", "a burrow at the edge of the meadow"),
    ("mouse", "a hole behind the baker's oven"),
    ("bear", "a cave on the side of a hill"),
    ("hedgehog", "a nest of dry leaves"),
    ("squirrel", "a hollow in a pine tree"),
    ("duck", "a nest between the reeds"),
    ("frog", "a house under a lily leaf"),
    ("kitten", "a basket by the kitchen stove"),
    ("puppy", "a red wooden house in the yard"),
    ("otter", "a hut beside the river"),
    ("badger", "a long tunnel below the hill"),
    ("beaver", "a lodge in the middle of the pond"),
    ("lamb", "a barn at the end of the lane"),
    ("goat", "a shed high on the mountain"),
    ("dragon", "a tower that nobody else wanted"),
    ("robot", "a workshop full of wheels and springs"),
    ("penguin", "a round house made of snow"),
]
CHILDREN = [
    ("boy", "a small house by the harbor"),
    ("girl", "a small house by the harbor"),
    ("boy", "a mill where the river bends"),
    ("girl", "a mill where the river bends"),
    ("boy", "a bakery on the market square"),
    ("girl", "a bakery on the market square"),
    ("girl", "a cottage at the end of the village"),
    ("boy", "a cottage at the end of the village"),
    ("girl", "the lighthouse above the sea"),
    ("boy", "the lighthouse above the sea"),
]
HE_NAMES = [
    "Pip", "Tom", "Oscar", "Ben", "Max", "Leo", "Hugo", "Finn", "Sam", "Theo", "Milo", "Jack",
]
SHE_NAMES = [
    "Mia", "Lily", "Nora", "Ella", "Ruby", "Rosa", "Anna", "Daisy", "Clara", "Zoe", "Hazel", "Ivy",
]
TRAITS = [
    "little", "small", "brave", "clever", "curious", "shy", "cheerful", "gentle", "quiet", "kind",
    "young", "busy", "proud", "sleepy", "patient", "merry",
]
# Wise helpers: (name phrase, pronoun)
ELDERS = [
    ("old owl", "she"), ("old tortoise", "he"), ("grey heron", "she"), ("old gardener", "he"),
    ("miller's wife", "she"), ("old sailor", "he"), ("clockmaker", "he"), ("queen of the bees", "she"),
    ("old raven", "he"), ("baker", "she"), ("village teacher", "she"), ("old whale", "he"),
]
# Things one can own, lose, find and give: (adjectives, noun, what it does)
THINGS = [
    ("red", "kite", "danced high above the trees"),
    ("silver", "key", "shone like the moon"),
    ("blue", "ball", "bounced higher than the fence"),
    ("golden", "bell", "rang with a clear sweet sound"),
    ("wooden", "boat", "floated like a leaf"),
    ("green", "scarf", "was as soft as moss"),
    ("tiny", "lantern", "glowed with a warm yellow light"),
    ("brass", "compass", "always pointed to the north"),
    ("striped", "drum", "went boom, boom, boom"),
    ("glass", "marble", "had a whole rainbow inside"),
    ("old", "music box", "played a song about the sea"),
    ("yellow", "hat", "kept the rain away"),
    ("little", "flute", "could make the birds listen"),
    ("paper", "star", "hung above the bed at night"),
    ("round", "mirror", "showed every smile twice"),
    ("warm", "blanket", "smelled of summer grass"),
]
PLACES = [
    "the dark forest", "the wide meadow", "the old mill", "the windy hill", "the sandy beach",
    "the apple orchard", "the quiet pond", "the stone bridge", "the market square",
    "the empty castle", "the rose garden", "the snowy mountain", "the misty valley",
    "the railway station",
]
HIDING = [
    "under a bush of wild roses", "behind a heap of hay", "between two grey stones",
    "at the bottom of the well", "in the branches of a tall pine", "under the stone bridge",
    "inside a hollow log", "among the reeds by the pond", "on the roof of the barn",
    "in the nest of a magpie",
]
FOODS = [
    "honey cake", "apple pie", "blueberry soup", "warm bread", "nut cookies", "strawberry jam",
    "pancakes", "carrot stew", "hot chocolate", "plum tart",
]
WEATHERS = [
    "the sun was warm and the sky was blue", "a soft rain was falling",
    "the first snow lay on the roofs", "the wind sang in the trees",
    "fog covered the fields like milk", "the leaves had turned red and gold",
    "the birds were singing", "the air smelled of flowers",
]
# Skills that can be wished for: (to do, while doing, first failure, the lesson)
SKILLS = [
    ("swim", "swimming", "swallowed half the pond and coughed all day",
     "Let the water carry you, and kick slowly"),
    ("sing", "singing", "made such a noise that even the crows flew away",
     "Breathe first, and listen to the song inside you"),
    ("fly a kite", "flying a kite", "ended up tied like a parcel in the string",
     "Wait for the wind, and run only when it calls"),
    ("skate", "skating", "fell on the ice nine times before breakfast",
     "Bend your knees, and look where you want to go"),
    ("bake", "baking", "burned the cake until it was as black as coal",
     "Good things need time, so watch and wait"),
    ("paint", "painting", "spilled every color on the floor",
     "Look for a long time, and paint for a short time"),
    ("dance", "dancing", "stepped on the toes of three ducks",
     "Count to three, and let your feet remember"),
    ("read", "reading", "held the book upside down and saw only ants",
     "Every letter has a sound, and sounds make friends"),
    ("climb", "climbing", "slid down from the very first branch",
     "Hold on with three, and move with one"),
    ("play the violin", "playing the violin", "scared the cat out of the window",
     "Play slowly, and play it every day"),
]
FEARS = [
    ("the dark", "night came", "the dark was only the day with its eyes closed"),
    ("thunder", "a storm came", "thunder was only the sky moving its chairs"),
    ("deep water", "the river rose", "deep water was only water, and water holds you up"),
    ("high places", "the path went up", "a high place was only a low place with a better view"),
    ("strangers", "someone knocked at the door", "a stranger was only a friend without a name"),
]
SEEDS = [
    ("apple seed", "an apple tree", "apples"), ("sunflower seed", "a sunflower", "seeds"),
    ("pumpkin seed", "a pumpkin vine", "pumpkins"), ("cherry stone", "a cherry tree", "cherries"),
    ("bean", "a beanstalk", "beans"), ("acorn", "an oak tree", "acorns"),
    ("strawberry plant", "a strawberry bush", "strawberries"),
]
BUILDS = [
    ("bridge", "over the stream", "everyone could cross with dry feet"),
    ("boat", "for the wide lake", "everyone could sail to the island"),
    ("tree house", "in the big oak", "everyone could see as far as the sea"),
    ("sledge", "for the snowy hill", "everyone could ride down together"),
    ("tower", "of stones on the beach", "everyone could find the way home at night"),
    ("swing", "under the apple tree", "everyone could touch the clouds"),
    ("wagon", "with four round wheels", "everyone could ride to the market"),
]
GIANTS = [
    ("giant", "he", "his steps shook the plates on the shelves"),
    ("dragon", "she", "smoke came from her cave every morning"),
    ("wolf", "he", "he howled when the moon was full"),
    ("witch", "she", "strange green light shone from her window"),
    ("bear", "he", "he growled behind his door all winter"),
    ("troll", "he", "he never came out before sunset"),
]
RACES = [
    ("run around the lake", "the stone bridge"), ("climb the windy hill", "the top"),
    ("row across the pond", "the other side"), ("sledge down the mountain", "the big pine"),
    ("walk through the forest", "the old mill"), ("swim to the island", "the sandy beach"),
]
MORALS_KIND = [
    "A kind word weighs nothing, and yet it carries far.",
    "What you share becomes twice as big.",
    "Whoever helps others is never alone.",
    "A small kindness can be the start of a great friendship.",
]
MORALS_TRY = [
    "Whoever tries again has already won half.",
    "Slow steps also reach the top.",
    "Nothing is hard for ever if you take your time.",
    "Every master was once a beginner.",
]
MORALS_BRAVE = [
    "To be brave is to be afraid and to go anyway.",
    "Fear gets smaller when you look at it.",
    "Even a small light is stronger than the dark.",
    "Sometimes the smallest heart is the bravest one.",
]
