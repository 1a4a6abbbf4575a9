"""What a seller's customers and words are like."""

from collections import Counter

from seed.dataset import password, password_hash
from seed.seller import email_of, has_mixed_case, is_legacy
from seed.vocabulary import ADJECTIVES, FEATURES, MATERIALS, NOUNS


def test_some_credentials_have_another_shape() -> None:
    """One customer in twenty has another hash, another one an address in mixed case."""
    shapes = Counter(password_hash(customer).split("$")[0] for customer in range(1, 401))
    assert shapes == {"scrypt": 380, "pbkdf2_sha256": 20}
    assert password(1) != password(2)
    assert is_legacy(7)
    assert email_of(13, "Ada May") == "Ada.May.13@example.com"
    assert email_of(7, "Ada May") == "ada.may.7@example.com"
    mixed_case = [customer for customer in range(1, 401) if has_mixed_case(customer)]
    assert len(mixed_case) == 20
    assert not any(map(is_legacy, mixed_case))


def test_no_word_stands_inside_another() -> None:
    """Trigrams, full text and a word table must find the same products."""
    words = [w for words in (ADJECTIVES, MATERIALS, NOUNS, FEATURES) for w in words.words]
    assert len(set(words)) == len(words)
    assert not [(a, b) for a in words for b in words if a != b and a in b]
