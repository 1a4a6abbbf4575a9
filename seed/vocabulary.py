"""The words of which products are named and described.

No word stands inside another and no two share a stem, so that every honest way of searching for
whole words (trigrams, full text, a word table) finds the same products. As in any language some
words are everywhere and most are rare: each word of a list is used a little less often than the one
before, and the last ones hardly ever.
"""

from bisect import bisect_right
from itertools import accumulate

__all__ = ["ADJECTIVES", "FEATURES", "MATERIALS", "NOUNS", "Words"]

RARE = 8  # so many words at the end of a list are ten times rarer still


class Words:
    """A list of words; `pick(draw())` gives one, for a number drawn evenly from [0, 1).

    Integers and one multiplication only, so that every machine picks the same word.
    """

    def __init__(self, text: str, keeps_percent: int) -> None:
        self.words = tuple(text.split())
        weights = [1_000_000]
        for _ in self.words[1:]:
            weights.append(weights[-1] * keeps_percent // 100)
        weights[-RARE:] = [weight // 10 for weight in weights[-RARE:]]
        self._bounds = list(accumulate(weights))

    def pick(self, drawn: float) -> str:
        """The word whose share of [0, 1) holds the number."""
        return self.words[bisect_right(self._bounds, int(drawn * self._bounds[-1]))]


ADJECTIVES = Words(
    """
    compact vintage rustic modern elegant cozy slender robust playful quiet glossy curved
    tiny giant nordic tropical festive humble lavish nimble royal sporty subtle urban
    vivid whimsical alpine baroque coastal daring exotic fancy gothic heroic iconic jolly
    kingly lunar magical noble oriental peaceful quirky rugged serene timeless unique
    velvety wintry zesty
    """,
    keeps_percent=90,
)
MATERIALS = Words(
    """
    walnut linen copper bamboo marble leather cotton ceramic maple steel granite cork
    birch bronze canvas porcelain silver velour acrylic teak pewter hemp mahogany nickel
    onyx jute quartz rattan slate titanium wicker zinc amber chestnut ebony flannel
    graphite ivory juniper kevlar limestone mohair nylon obsidian spruce resin satin
    terracotta uranium vinyl
    """,
    keeps_percent=90,
)
NOUNS = Words(
    """
    lamp chair basket mirror kettle blanket vase shelf clock cushion teapot stool bench
    drawer goblet hammock jug ladle mug napkin ottoman pitcher duvet carpet saucer tray
    umbrella wardrobe apron bowl candle desk easel fork griddle hanger inkwell jar knife
    lantern mattress nutcracker stove planter rocker spoon toaster pedestal vacuum whisk
    zither abacus banjo compass dartboard earmuff flute guitar harp jigsaw kite lyre
    marionette notebook puzzle racket skateboard telescope ukulele violin wagon xylophone
    yoyo
    """,
    keeps_percent=90,
)
FEATURES = Words(
    """
    handmade durable washable foldable stackable waterproof lightweight portable
    reversible adjustable recycled breathable insulated engraved padded polished scented
    quilted tapered weatherproof anchored balanced coated dimmable ergonomic fireproof
    gilded hypoallergenic interlocking jewelled knotted laminated magnetic nonslip
    odorless pleated rechargeable shatterproof tasseled unbreakable varnished wireless
    yarned zippered airtight braided crocheted detachable embossed fringed glazed heated
    inlaid knitted lacquered mosaic nestable ornate perforated quenched riveted stitched
    tinted upholstered vented woven etched burnished carved dovetailed enameled frosted
    galvanized hammered ironclad joined keyed lathed mitred notched oiled pressed rolled
    soldered threaded undyed veneered waxed beveled chiseled
    """,
    keeps_percent=95,
)
