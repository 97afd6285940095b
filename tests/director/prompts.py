"""Pairs of prompts that say the same in English and Chinese, and what tests compare of their storyboards."""

from kinema.director.direct import direct
from kinema.schema.request import FilmRequest
from kinema.schema.storyboard import Storyboard

PAIRS = {
    "street walk": (
        "An elegant woman strolls down a wet street in Tokyo at night. She wears a red leather coat, a short black "
        "skirt and white shoes, and carries a gold handbag. Neon signs glow. Several pedestrians walk around.",
        "一位优雅的女士夜晚在东京潮湿的街上漫步。她穿着红色皮大衣、黑色短裙和白色鞋子，拎着金色手提包。"
        "霓虹招牌闪烁。几个行人走动。",
    ),
    "pack": (
        "Silhouette animation: a sad wolf howls at the moon until it meets its pack.",
        "剪影动画：一只悲伤的狼对着月亮嚎叫，直到它遇到狼群。",
    ),
    "breakfast": (
        "A hungry cat wakes up its sleeping owner. The owner ignores the cat, but the cat tries again. "
        "At last the owner takes out snacks from under the cushion and gives them to the cat.",
        "一只饥饿的猫吵醒了熟睡的主人。主人不理这只猫，但是猫又试了新办法。最后主人从抱枕底下取出零食，给猫。",
    ),
    "pickup": (
        "The camera follows behind a red vintage jeep driving on a winding gravel road between pine trees at dawn.",
        "清晨，镜头从后面跟随一辆红色复古吉普车，它在松树之间弯弯曲曲的石子路上行驶。",
    ),
    "spring festival": (
        "Spring Festival: a Chinese dragon dances and the crowd cheers.",
        "春节：中国龙起舞，人群欢呼。",
    ),
    "runner": (
        "A man in a grey coat runs down a rainy street at night.",
        "夜晚，一个穿灰色大衣的男人在下雨的街道上奔跑。",
    ),
    "two cats": ("Two white cats sleep on a bed.", "两只白猫睡在床上。"),
    "mountain dog": ("A brown dog runs on a mountain road in the snow.", "一只棕色的狗在下雪的山路上奔跑。"),
    "moon dance": (
        "Silhouette of a girl dancing under the moon with a red scarf.",
        "剪影：一个戴着红色围巾的女孩在月亮下跳舞。",
    ),
    "feeding": ("An old man feeds his dog in the bedroom.", "一位年迈的男人在卧室里喂他的狗。"),
    "car chase": ("A black dog chases a yellow car through the forest.", "一只黑狗在森林里追一辆黄色的汽车。"),
    "then home": (
        "A woman walks on the street, then she sleeps in the bedroom.",
        "一个女人走在街上，然后她在卧室里睡觉。",
    ),
    "close-up": ("Close-up: a girl with sunglasses eats snacks.", "特写：一个戴墨镜的女孩吃零食。"),
    "one take": ("A boy runs along a foggy street in one take.", "一个男孩在大雾的街上跑，一镜到底。"),
}


def film(prompt: str, seconds: float | None = None) -> Storyboard:
    """The storyboard of a prompt."""
    return direct(FilmRequest(prompt=prompt, seconds=seconds))


def meaning(board: Storyboard) -> dict[str, object]:
    """What both languages must agree on."""
    return {
        "cast": sorted(
            (
                s.id,
                s.concept,
                s.count,
                sorted(s.colours.items()),
                sorted(s.garments, key=str),
                s.traits,
                s.feeling,
                s.size,
            )
            for s in board.cast
        ),
        "places": [
            (s.place.set, s.place.hour, s.place.weather, s.place.season, sorted(s.place.features)) for s in board.scenes
        ],
        "look": board.look,
        "relations": sorted((r.subject, r.kind, r.object) for r in board.relations),
        "beats": [(b.subject, b.action, b.target, b.instrument, sorted(b.manner)) for b in board.beats],
        "shots": [(s.framing, s.move, s.to) for s in board.shots],
    }
