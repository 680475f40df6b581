"""How names are folded: what a name is found by, and what a search asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.members.names import MOST_PARTS, VARIANTS, spellings_of_name, whole_name, words_of_name


@pytest.mark.parametrize(
    ("name", "spellings"),
    [
        pytest.param("山田 花子", ["山田花子", "山田", "花子"], id="the whole and both parts"),
        pytest.param("山田　花子", ["山田花子", "山田", "花子"], id="a wide space"),
        pytest.param("  山田 \t 花子\n", ["山田花子", "山田", "花子"], id="spaces of any kind and number"),
        pytest.param("山田花子", ["山田花子"], id="no space, no parts"),
        pytest.param("ヤマダ ハナコ", ["やまだはなこ", "やまだ", "はなこ"], id="katakana"),
        pytest.param("ﾔﾏﾀﾞ ﾊﾅｺ", ["やまだはなこ", "やまだ", "はなこ"], id="half-width katakana"),
        pytest.param("や\u307e\u305f\u3099", ["やまだ"], id="a voicing mark of its own"),
        pytest.param("ヴァンス ヾ", ["ゔぁんすゞ", "ゔぁんす", "ゞ"], id="rare kana"),
        pytest.param("ジョージ", ["じょーじ"], id="the long sound stays"),
        pytest.param("Ｊｏｈｎ SMITH", ["johnsmith", "john", "smith"], id="full width, capitals"),
        pytest.param("Weiß", ["weiss"], id="casefold, not lower"),
        pytest.param("髙橋 惠", ["高橋恵", "高橋", "恵"], id="variants of signs"),
        pytest.param("山﨑", ["山崎"], id="a variant that NFKC leaves alone"),
        pytest.param("渡邊 渡邉", ["渡辺渡辺", "渡辺"], id="two variants of one sign"),
        pytest.param("\U00020bb7田", ["吉田"], id="a variant beyond the basic plane"),
        pytest.param("辻\U000e0101 \ufa19\ufe00", ["辻神", "辻", "神"], id="selectors of a drawing"),
        pytest.param("林 林", ["林林", "林"], id="the same part twice"),
        pytest.param("a b c d e f", ["abcdef", *"abcdef"], id="as many parts as are kept"),
        pytest.param("a b c d e f g", ["abcdefg", *"abcdef"], id="one more"),
        pytest.param("", [], id="nothing"),
        pytest.param(" 　", [], id="only spaces"),
    ],
)
def test_a_name_is_found_by_the_whole_and_by_its_parts(name: str, spellings: list[str]) -> None:
    assert spellings_of_name(name) == spellings


@given(st.text(max_size=60))
def test_whatever_a_name_is_it_is_found_by_itself(name: str) -> None:
    spellings = spellings_of_name(name)
    assert len(spellings) <= MOST_PARTS + 1
    assert "" not in spellings
    assert not words_of_name(name) or whole_name(name) in spellings
    assert set(words_of_name(name)[:MOST_PARTS]) <= set(spellings)


def test_a_sign_stands_for_one_common_sign_only() -> None:
    signs = "".join(VARIANTS.split())
    assert len(set(signs)) == len(signs)
    assert all(whole_name(sign) == variants[0] for variants in VARIANTS.split() for sign in variants)
