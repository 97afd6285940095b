"""Who does what, in what, with what: readings of single sentences."""

import pytest

from kinema.director.grammar import Grammar
from kinema.director.reading import Entity, Event, Reading
from kinema.director.terms import cut, language_of


def read(text: str) -> Reading:
    return Grammar(cut(text, language_of(text))).read()


def worn(text: str) -> dict[str, list[tuple[str, ...]]]:
    return {
        entity.row.id: [tuple(v for v in garment.model_dump().values() if v) for garment in entity.garments]
        for entity in read(text).entities
    }


def ids(entities: list[Entity]) -> list[str]:
    return [entity.row.id for entity in entities]


def acts(reading: Reading) -> list[tuple[list[str], str, list[str]]]:
    def told(event: Event) -> tuple[list[str], str, list[str]]:
        return ids(event.subjects), event.row.id, ids(event.targets)

    return [told(event) for event in reading.events if event.row.kind in ("act", "find")]


@pytest.mark.parametrize(
    "text",
    [
        "A woman wears a black leather jacket, a long red dress, and white boots.",
        "一个女人穿着黑色皮夹克、红色长裙和白色靴子。",
        "一个穿着黑色皮夹克、红色长裙和白色靴子的女人。",
        "A woman in a black leather jacket, a long red dress and white boots.",
    ],
)
def test_adjectives_stay_with_their_garment(text: str) -> None:
    assert worn(text) == {"woman": [("jacket", "black", "leather"), ("dress", "red", "long"), ("boots", "white")]}


def test_two_people_keep_their_own_clothes() -> None:
    expected = {"girl": [("dress", "red")], "boy": [("coat", "blue")]}
    assert worn("A girl in a red dress and a boy in a blue coat dance.") == expected
    assert worn("穿红裙子的女孩和穿蓝大衣的男孩在跳舞。") == expected


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("A girl in a yellow coat and a dog run.", ["girl", "dog"]),
        ("A boy in a red jacket and his dog run.", ["boy", "dog"]),
        ("A woman with a red hat and a man run.", ["woman", "man"]),
        ("A woman with a dog runs.", ["woman", "dog"]),
        ("A man in a white shirt, grey trousers and brown shoes and a woman in jeans run.", ["man", "woman"]),
        ("一个穿黄色外套的女孩和一只狗在跑。", ["girl", "dog"]),
    ],
)
def test_nobody_is_put_inside_a_companion(text: str, who: list[str]) -> None:
    reading = read(text)
    assert acts(reading) == [(who, "run", [])]
    assert reading.bonds == []


def test_who_is_met_may_be_a_list_of_dressed_people() -> None:
    reading = read("A man in a coat and a hat waves at a girl in a red dress and a boy.")
    assert acts(reading) == [(["man"], "wave", ["girl", "boy"])]
    assert worn("A man in a coat and a hat waves.") == {"man": [("coat",), ("hat",)]}


def test_a_possessive_dresses_its_owner() -> None:
    assert worn("A woman and a man walk. Her hat is here, his scarf is red.")["woman"] == [("hat",)]


@pytest.mark.parametrize("text", ["Her white cat sleeps.", "一只白色的猫在睡觉。", "The cat is white. It sleeps."])
def test_colours_reach_the_noun_before_or_behind(text: str) -> None:
    assert read(text).entities[0].colours == {"body": "white"}


def test_a_part_takes_its_own_colour() -> None:
    for text in ("a white SUV with a black roof rack", "带有黑色行李架的白色越野车"):
        assert read(text).entities[0].colours == {"body": "white", "roof_rack": "black"}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("two cats sleep", 2),
        ("cats sleep", 3),
        ("a cat sleeps", 1),
        ("a pack of wolves runs", 5),
        ("seven wolves run", 7),
        ("三只狼在奔跑", 3),
        ("几只猫在睡觉", 3),
        ("一群狼在奔跑", 5),
        ("many people walk", 24),
        ("许多行人在走", 24),
    ],
)
def test_counts(text: str, count: int) -> None:
    assert read(text).entities[0].count == count


@pytest.mark.parametrize(
    ("text", "stage", "word"),
    [
        ("a female farmer walks", "woman", "farmer"),
        ("一个女农民在走", "woman", "农民"),
        ("a male nurse sits", "man", "nurse"),
        ("一个男护士坐着", "man", "护士"),
        ("a female walks", "woman", ""),
    ],
)
def test_a_sex_said_before_a_noun_is_that_of_the_noun(text: str, stage: str, word: str) -> None:
    reading = read(text)
    assert [entity.row.stage for entity in reading.entities] == [stage]
    assert [(note.text, note.words) for note in reading.notes] == ([(f"shown as {stage}", word)] if word else [])


@pytest.mark.parametrize("text", ["一只母狼带着三只幼犬在山上走", "a female wolf with three puppies walks"])
def test_who_is_brought_along_goes_along(text: str) -> None:
    reading = read(text)
    assert [(entity.row.stage, entity.count) for entity in reading.entities] == [("wolf", 1), ("dog", 3)]
    assert [[e.row.stage for e in event.subjects] for event in reading.events] == [["wolf", "dog"]]


@pytest.mark.parametrize(
    ("text", "who", "act"),
    [
        ("A male quickly runs through the city.", "man", "run"),
        ("A female quietly sits.", "woman", "sit"),
        ("A happy female joyfully dances.", "woman", "dance"),
        ("一女慢慢地走", "woman", "walk"),
        ("A male tall old dancer waves.", "dancer", "wave"),
    ],
)
def test_a_sex_before_no_noun_is_somebody(text: str, who: str, act: str) -> None:
    assert acts(read(text)) == [([who], act, [])]


def shown(reading: Reading) -> list[str | None]:
    return [entity.row.stage for entity in reading.entities]


def doers(text: str) -> list[list[int]]:
    """Of each event, who of the cast does it, by number."""
    reading = read(text)
    return [[reading.entities.index(entity) for entity in event.subjects] for event in reading.events]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("A female dog and a male dog sit on a street. The female dog runs.", [[0, 1], [0]]),
        ("A female dog and a male dog sit on a street. The male dog runs.", [[0, 1], [1]]),
        ("一只母狗和一只公狗坐在街上。母狗在跑。", [[0, 1], [0]]),
        ("A female dog sits. The male dog runs.", [[0], [1]]),
        ("A dog sits. The male dog runs.", [[0], [0]]),
        ("Two dogs sit. The male dog runs.", [[0], [1]]),
        ("A male dog and a female dog sit. The male runs.", [[0, 1], [0]]),
        ("A nurse walks. The male nurse waves.", [[0], [0]]),
        ("A female nurse walks. The male nurse waves.", [[0], [1]]),
        ("A nurse walks. She sits. The male nurse waves.", [[0], [0], [1]]),
        ("A female teacher walks. The woman sits. The man waves.", [[0], [0], [1]]),
        ("Two children sit. The male child waves.", [[0], [1]]),
    ],
)
def test_a_sex_tells_who_is_meant(text: str, who: list[list[int]]) -> None:
    assert doers(text) == who


@pytest.mark.parametrize(
    ("text", "stage", "word"),
    [
        ("A teacher walks. The female teacher sits.", "woman", "teacher"),
        ("一个老师在走。女老师坐着。", "woman", "老师"),
        ("A kid walks. The male kid sits.", "boy", "kid"),
    ],
)
def test_a_sex_that_was_only_assumed_gives_way(text: str, stage: str, word: str) -> None:
    reading = read(text)
    assert shown(reading) == [stage]
    assert [(note.text, note.words) for note in reading.notes] == [(f"shown as {stage}", word)]


@pytest.mark.parametrize("text", ["Male pedestrians walk.", "男行人在走。", "Female shoppers walk."])
def test_a_crowd_keeps_its_row_whatever_its_sex(text: str) -> None:
    reading = read(text)
    assert [(entity.row.stage, entity.gender) for entity in reading.entities] == [("pedestrian", "")]
    assert reading.notes == []


@pytest.mark.parametrize(
    ("text", "cast"),
    [
        ("一男一女在街上跑", [("man", 1), ("woman", 1)]),
        ("三个男生在街上跑", [("boy", 3)]),
        ("一个女的在街上跑", [("woman", 1)]),
        ("一个男人一个女孩在街上跑", [("man", 1), ("girl", 1)]),
        ("一只雄性狗在街上跑", [("dog", 1)]),
        ("一对男女在街上跑", [("person", 2)]),
        ("一群男女在街上跑", [("pedestrian", 5)]),
    ],
)
def test_short_words_for_people(text: str, cast: list[tuple[str, int]]) -> None:
    reading = read(text)
    assert [(entity.row.stage, entity.count) for entity in reading.entities] == cast
    assert [event.subjects for event in reading.events] == [reading.entities]
    assert reading.notes == []


def test_a_majestic_mountain_has_no_sex() -> None:
    assert read("一只狼在雄伟的山上奔跑。").notes == []


def test_a_bird_of_either_sex_is_noted_as_one_word() -> None:
    assert [note.words for note in read("一只公鸡和一个男孩在走").notes] == ["公鸡"]
    assert [note.words for note in read("A rooster and a boy walk.").notes] == ["rooster"]


@pytest.mark.parametrize(
    ("text", "who", "carried"),
    [
        ("一个男孩带着他的狗在街上走", ["boy", "dog"], []),
        ("一个男孩带着可爱的狗在街上走", ["boy", "dog"], []),
        ("一个男孩带着男孩的狗在街上走", ["boy", "dog"], []),
        ("一个男孩带着妈妈的狗在街上走", ["boy", "dog"], []),
        ("一个男孩带着男孩的枕头在街上走", ["boy"], ["pillow"]),
        ("一个男孩带着枕头和狗在街上走", ["boy", "dog"], ["pillow"]),
        ("一个男孩带着狗和枕头在街上走", ["boy", "dog"], ["pillow"]),
        ("一个男孩带着雨伞和狗在街上走", ["boy", "dog"], ["umbrella"]),
        ("一个带着狗的男孩在街上走", ["boy", "dog"], []),
        ("A boy walks down the street along with a dog and a pillow.", ["boy", "dog"], []),
    ],
)
def test_whose_and_with_what_one_is_brought_along(text: str, who: list[str], carried: list[str]) -> None:
    reading = read(text)
    walk = next(event for event in reading.events if event.row.id == "walk")
    assert [entity.row.id for entity in walk.subjects if entity.family != "stranger"] == who
    assert [bond.object.row.id for bond in reading.bonds if bond.kind == "carries"] == carried


def test_he_who_is_brought_along_goes_along() -> None:
    assert acts(read("一个男孩坐着。一个女人带着他在街上走。"))[-1][:2] == (["woman", "boy"], "walk")


def test_a_thing_that_is_brought_along_is_carried() -> None:
    assert [bond.kind for bond in read("一个女孩带着枕头在街上走").bonds] == ["carries"]


def test_pronouns_find_the_last_that_fits() -> None:
    reading = read("A man and a cat sit. She sleeps. He wakes it.")
    assert acts(reading)[0] == (["man", "cat"], "sit", [])
    assert acts(reading)[-1] == (["man"], "wake", ["cat"])
    assert acts(read("一个女人和一只狗在走。她看着它。"))[-1] == (["woman"], "look", ["dog"])


def test_a_participle_before_a_noun_is_a_state_of_that_noun() -> None:
    for text in ("A cat wakes its sleeping owner.", "一只猫叫醒熟睡的主人。"):
        reading = read(text)
        state = next(event for event in reading.events if event.present)
        assert (state.row.id, ids(state.subjects)) == ("sleep", ["owner"])


def test_a_participle_behind_an_object_is_a_state_of_that_object() -> None:
    assert acts(read("A boy waves at a dog sitting on the street.")) == [
        (["boy"], "wave", ["dog"]),
        (["dog"], "sit", []),
    ]


def test_the_object_of_a_participle_clause_does_not_take_the_next_verb() -> None:
    reading = read("A cat waking up its sleeping owner demanding breakfast.")
    demand = next(event for event in reading.events if event.row.id == "demand")
    assert ids(demand.subjects) == ["cat"]


@pytest.mark.parametrize(
    "text",
    [
        "The owner takes out treats from under the pillow.",
        "主人从枕头下拿出零食。",
        "From under the pillow the owner takes out treats.",
    ],
)
def test_what_is_taken_from_where(text: str) -> None:
    reading = read(text)
    event = reading.events[0]
    assert (ids(event.subjects), ids(event.things)) == (["owner"], ["treats"])
    assert event.source is not None
    assert event.source.row.id == "pillow"
    assert [(b.subject.row.id, b.kind, b.object.row.id) for b in reading.bonds] == [("treats", "under", "pillow")]


@pytest.mark.parametrize(
    "text", ["A man gives his dog treats.", "A man gives treats to his dog.", "男人给他的狗零食。"]
)
def test_both_objects_of_giving(text: str) -> None:
    event = read(text).events[0]
    assert (ids(event.subjects), ids(event.targets), ids(event.things)) == (["man"], ["dog"], ["treats"])


def test_a_passive_turns_the_roles() -> None:
    assert acts(read("A cat is fed by a man.")) == [(["man"], "feed", ["cat"])]
    assert acts(read("猫被男人喂。")) == [(["man"], "feed", ["cat"])]


def test_howling_at_the_moon_is_a_manner_and_the_moon_a_feature() -> None:
    for text in ("A wolf howls at the moon.", "一只狼对着月亮嚎叫。"):
        reading = read(text)
        assert reading.events[0].manners == ["at_moon"]
        assert [feature.id for feature in reading.features] == ["moon"]


@pytest.mark.parametrize(
    "text",
    [
        "A car drives with no other cars or vehicles in sight.",
        "一辆车在行驶，看不到其他汽车或车辆。",
        "A car drives without people.",
    ],
)
def test_what_is_denied_is_not_cast(text: str) -> None:
    assert ids(read(text).entities) == ["car"]


def test_what_is_only_wished_for_is_noted_not_done() -> None:
    for text in ("A cat wants to eat breakfast.", "一只猫想要吃早餐。"):
        reading = read(text)
        assert acts(reading) == []
        assert ids(reading.entities) == ["cat"]
        assert all(note.kind == "assumed" for note in reading.notes)


def test_a_definite_wider_word_means_the_one_met_before() -> None:
    assert ids(read("A white SUV drives. The car is fast.").entities) == ["suv"]
    assert ids(read("A dog sleeps. The animal wakes.").entities) == ["dog"]
    assert ids(read("A dog sleeps. Another dog wakes.").entities) == ["dog", "dog"]


def test_words_that_are_verb_or_noun_by_place() -> None:
    assert worn("A woman in a dress walks.") == {"woman": [("dress",)]}
    assert acts(read("A man parks a car.")) == [(["man"], "park", ["car"])]
    assert read("Her dance is beautiful. A man drinks.").entities[0].row.id == "man"


def test_camera_phrases_name_what_they_film() -> None:
    for text in ("The camera follows behind a red car.", "镜头从后面跟随一辆红色汽车。"):
        reading = read(text)
        assert [word.row.id for word in reading.camera] == ["follow_behind"]
        assert reading.framed is reading.entities[0]


def test_a_word_that_is_verb_or_preposition() -> None:
    assert acts(read("一个男人给狗零食。")) == [(["man"], "give", ["dog"])]
    assert acts(read("一只猫在睡觉，阳光给街道投射出温暖的光芒。")) == [(["cat"], "sleep", [])]


def test_notes_use_the_words_of_the_prompt() -> None:
    assert [note.words for note in read("一只戴着围巾的狗在跑。").notes] == ["围巾"]
    assert [note.words for note in read("A dog wearing a shawl runs.").notes] == ["shawl"]


def test_what_is_denied_is_neither_worn_nor_felt_nor_kept_from_the_next_deed() -> None:
    for prompt in (
        "A woman who is not wearing a hat walks.",
        "A woman does not smile and walks.",
        "A woman who is not tall walks.",
    ):
        reading = read(prompt)
        assert reading.entities[0].garments == []
        assert reading.entities[0].feeling == ""
        assert reading.entities[0].traits == []
        assert [event.row.id for event in reading.events] == ["walk"]
    assert read("女孩没有戴帽子，她在跑。").entities[0].garments == []


def test_a_verb_that_cannot_be_shown_is_nobody() -> None:
    reading = read("A chef cooks. The cook walks.")
    assert [entity.word for entity in reading.entities if entity.family == "person"] == ["chef", "cook"]


def test_her_two_cats_are_hers_and_an_umbrella_does_not_walk() -> None:
    reading = read("A woman and her two cats sit.")
    assert [(entity.row.id, entity.count) for entity in reading.events[0].subjects] == [("woman", 1), ("cat", 2)]
    reading = read("A man opens his umbrella and walks.")
    assert [entity.row.id for entity in reading.events[-1].subjects] == ["man"]
    assert [(bond.subject.row.id, bond.object.row.id) for bond in reading.bonds] == [("man", "umbrella")]


@pytest.mark.parametrize("word", ["doesn't", "didn't", "won't"])
def test_what_is_not_done_is_not_shown(word: str) -> None:
    assert acts(read(f"The dog {word} run. It sits.")) == [(["dog"], "sit", [])]
