"""Which paragraphs a heading, a cell or a sentence names."""

import pytest

from parsing.prose.references.references import places_of
from parsing.text.numerals import han_number
from store.shipped import shipped_draft

DRAFT = shipped_draft()


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("OP5", "OP5"),
        ("PP 7", "PP7"),
        ("OP.4", "OP4"),
        ("§ 5", "OP5"),
        ("Para 3", "OP3"),
        ("No 8:", "OP8"),
        ("paragraph 5", "OP5"),
        ("Paragraph ５", "OP5"),
        ("Commitment 3", "OP3"),
        ("item 6", "OP6"),
        ("the fourth commitment", "OP4"),
        ("Preamble, second paragraph", "PP2"),
        ("2nd preambular para", "PP2"),
        ("the last preambular paragraph", "PP11"),
        ("the penultimate commitment", "OP12"),
        ("the second to last commitment", "OP12"),
        ("the third from last preambular paragraph", "PP9"),
        ("paragraph 11 of the commitments", "OP11"),
        ("Operative paragraph 11, last line", "OP11"),
        ("Para. 2, line 2", "OP2"),
        ("PP5 bis", "PP5"),
        ("PP 3 and 5", "PP3 PP5"),
        ("PP1, PP2 and PP4-PP6", "PP1 PP2 PP4 PP5 PP6"),
        ("paragraphs 5 to 7", "OP5 OP6 OP7"),
        ("in both PP7 and OP12", "PP7 OP12"),
        ("first, second and third paragraphs of the preamble", "PP1 PP2 PP3"),
        ("the third paragraph and the fifth paragraph of the preamble", "PP3 PP5"),
        ("the third paragraph of the preamble and the fifth commitment", "PP3 OP5"),
        ("preambular paragraph 3 and operative paragraph 5", "PP3 OP5"),
        ("New PP, after PP2", "PP2"),
        ("New commitment, after 13", "OP13"),
        ("First, paragraph 5", "OP5"),
        ("Preamble: paragraph 4", "PP4"),
        ("OP-5", "OP5"),
        ("PP10 to OP2", "PP10 PP11 PP12 commit OP1 OP2"),
        ("paragraph 5, the one on subsidies", "OP5"),
        ("OP5, first half", "OP5"),
        ("two of the commitments", ""),
        ("the first paragraph of the preamble; after “people” in the eighth too", "PP1"),
        # by opener
        ("the Stressing paragraph", "PP8"),
        ("the paragraph beginning “Noting that this”", "PP10"),
        ("the commitment beginning 'Step up our efforts'", "OP7"),
        ("Preamble, para starting “Acknowledging with grave concern”", "PP5"),
        ("the second Recognizing paragraph", "PP6"),
        ("the Recognizing paragraph", ""),
        # by what is next to it
        ("the paragraph preceding OP7", "OP6"),
        ("the paragraph immediately before the seventh commitment", "OP6"),
        ("the paragraph two before OP7", "OP5"),
        ("the paragraph three paragraphs before the seventh commitment", "OP4"),
        ("paragraph two, before OP7", "OP2 OP7"),
        ("Add the following paragraph preceding OP7", "OP7"),
        # by what it is about
        ("Preamble, on indigenous peoples", "PP7"),
        ("the paragraph of the preamble on the combination of measures (the ninth)", "PP9"),
        ("the paragraph on living modified organisms", "OP8"),
        # places without a number
        ("Title", "title"),
        ("Sub-title", "subtitle"),
        ("chapeau", "commit"),
        ("the “We declare” paragraph", "PP12"),
        ("We declare paragraph", "PP12"),
        ("the last paragraph in square brackets", "note"),
        ("the last paragraph", "note"),
        # numbers of other things
        ("target 14.2 and Article 8(j), decision 14/9", ""),
        ("paragraph 2 of Article 8", ""),
        ("paragraph 2(c) of decision 14/9", ""),
        ("paragraph 3 of the Convention", ""),
        ("No 1/05/9834", ""),
        ("the 2030 Agenda", ""),
        ("OP15", ""),
        ("line 5", ""),
        ("General", ""),
    ],
)
def test_places_in_english(text: str, labels: str) -> None:
    assert places_of(text, DRAFT) == tuple(labels.split())


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Paragraphe 5", "OP5"),
        ("Engagement 5", "OP5"),
        ("Préambule, 3e alinéa", "PP3"),
        ("1er alinéa du préambule", "PP1"),
        ("au cinquième alinéa du préambule", "PP5"),
        ("aux paragraphes 1 à 3", "OP1 OP2 OP3"),
        ("paragraphe 8 du dispositif", "OP8"),
        ("l’alinéa commençant par « Stressing »", "PP8"),
        ("dernier alinéa entre crochets", "note"),
        ("Párrafo 8", "OP8"),
        ("Compromiso 11", "OP11"),
        ("segundo párrafo del preámbulo", "PP2"),
        ("párrafos 5 a 7", "OP5 OP6 OP7"),
        ("artículo 8 j)", ""),
        ("В третьем пункте преамбулы", "PP3"),
        ("пункт 6 обязательств", "OP6"),
        ("пункты 5 и 6", "OP5 OP6"),
        ("п. 5", "OP5"),
        ("последний абзац (в квадратных скобках)", "note"),
        ("в статье 8", ""),
        ("序言部分第五段", "PP5"),
        ("执行部分第12段", "OP12"),
        ("第１３段", "OP13"),
        ("承诺第九段", "OP9"),
        ("第1至第3段", "OP1 OP2 OP3"),
        ("分为两段", ""),
        ("第八条", "OP8"),
        ("الفقرة ٧ من المنطوق", "OP7"),
        ("الفقرة الحادية عشرة من الديباجة", "PP11"),
        ("للفقرة 5", "OP5"),
        ("الفقرتين 1 و 6", "OP1 OP6"),
        ("\u200fالفقرة \u200f8\u200f", "OP8"),
        ("المادة 8", "OP8"),
        ("terceiro parágrafo do preâmbulo", "PP3"),
        ("Compromisso 4", "OP4"),
    ],
)
def test_places_in_other_languages(text: str, labels: str) -> None:
    assert places_of(text, DRAFT) == tuple(labels.split())


@pytest.mark.parametrize(
    ("text", "number"), [("三", 3), ("十", 10), ("十三", 13), ("二十一", 21), ("二〇二一", 2021), ("一百", 100)]
)
def test_chinese_numerals(text: str, number: int) -> None:
    assert han_number(text) == number
