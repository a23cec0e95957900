"""No client's chart names another: whatever the spelling, and without spoiling what is no name."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.privacy import names_left, without_names
from billing.records import Client, ClientId, Enrolment
from tests.billing.builders import DBT, EVENING, a_client, a_roster

OWN = ClientId("p-own")
OTHERS = (
    a_client(ClientId("p-1"), "Maria", "Lindqvist"),
    a_client(ClientId("p-2"), "Thomas", "Becker", preferred="Tom", also=("TB", "Tommy")),
    a_client(ClientId("p-3"), "Kayleigh", "O'Brien", also=("Kay",)),
    a_client(ClientId("p-4"), "Will", "Park"),
    a_client(ClientId("p-5"), "José", "Núñez"),
    a_client(ClientId("p-6"), "James", "Rivers", also=("JR",)),
    a_client(ClientId("p-7"), "Sam", "Ivers"),
    a_client(ClientId("p-8"), "May", "Ito"),
    a_client(ClientId("p-9"), "Hope", "Anders"),
)
SELF = a_client(OWN, "Maria", "Gonzalez")
ROSTER = a_roster(
    clients=(SELF, *OTHERS, a_client(ClientId("p-far"), "Zoe", "Keller")),
    enrolments=tuple(Enrolment(group=DBT, client=c.id, since=EVENING) for c in (SELF, *OTHERS)),
)
PRESENT = tuple(c.id for c in (SELF, *OTHERS))


def for_own_chart(text: str, own: ClientId = OWN) -> str:
    return without_names(text, own, ROSTER, PRESENT)


@pytest.mark.parametrize(
    ("wrote", "charted"),
    [
        ("supported tom", "supported a peer"),
        ("Tom's story moved her", "A peer's story moved her"),
        ("sat with toms mother", "sat with a peer's mother"),
        ("Thomas Becker interrupted", "A peer interrupted"),
        ("argued with T. Becker", "argued with a peer"),
        ("argued with Mr Becker", "argued with Mr a peer"),
        ("opened up to Maria L. about it", "opened up to a peer about it"),
        ("opened up to maria l", "opened up to a peer"),
        ("opened up to Maria L. Then left", "opened up to a peer. Then left"),
        ("answered MariaL and @maria_l", "answered a peer and @a peer"),
        ("Kay, Tom and Will listened", "Peers listened"),
        ("gave feedback to Tom & Kay", "gave feedback to peers"),
        ("liked o’brien's idea", "liked a peer's idea"),
        ("liked OBrien's idea", "liked a peer's idea"),
        ("thanked Jose and NÚÑEZ", "thanked peers"),
        ("laughed with JR", "laughed with a peer"),
        ("laughed with J.R. again", "laughed with a peer again"),
        ("James' loss", "A peer's loss"),
        ("Rivers' loss", "A peer's loss"),
        ("was next to Will", "was next to a peer"),
        ("was paired with will", "was paired with a peer"),
        ("will's question helped", "a peer's question helped"),
        ("heard that will was quiet", "heard that a peer was quiet"),
        ("spoke to Hope", "spoke to a peer"),
        ("was like Tom b/c of the noise", "was like a peer b/c of the noise"),
        ("Tom-led exercise", "A peer-led exercise"),
    ],
)
def test_every_way_to_name_a_peer_becomes_a_peer(wrote, charted):
    assert for_own_chart(wrote) == charted


@pytest.mark.parametrize(
    "text",
    [
        "Maria cried; Maria's mother called",
        "Maria Gonzalez and Gonzalez and MG",
        "will try the skill, may need help, has hope",
        "Will practice at home. May need a call",
        "back to work in May, since May",
        "denied SI, denied HI",
        "went to the park by the rivers",
        "cut down tomatoes, jameson, kayak",
        "her brother Zoltan",
        "",
    ],
)
def test_what_names_nobody_else_stays_as_it_was(text):
    assert for_own_chart(text) == text


@pytest.mark.parametrize(
    ("wrote", "charted"),
    [
        ("gave Tom a hug", "gave a peer a hug"),
        ("Tom w/ mom", "A peer w/ mom"),
        ("told Sam I would call", "told a peer I would call"),
        ("Hope A. said", "A peer said"),
    ],
)
def test_a_word_after_a_name_is_not_taken_for_an_initial(wrote, charted):
    roster = a_roster(
        clients=(
            a_client(ClientId("1"), "Tom", "Adler"),
            a_client(ClientId("2"), "Sam", "Ivers"),
            a_client(ClientId("3"), "Hope", "Anders"),
            a_client(ClientId("4"), "Tom", "Wells"),
            SELF,
        )
    )

    assert without_names(wrote, OWN, roster, ("1", "2", "3", "4")) == charted


def test_words_for_everybodys_chart_name_nobody():
    assert for_own_chart("Maria taught Tom", ClientId("")) == "A peer taught a peer"


def test_who_was_not_there_is_not_touched_but_noticed():
    text = "misses Zoe Keller, and Tom"

    assert without_names(text, OWN, ROSTER, (OWN,)) == text
    assert names_left(text, OWN, ROSTER) == ("Zoe Keller", "Tom")


def test_first_names_of_clients_elsewhere_may_be_anybodys():
    assert names_left("her cousin Zoe", OWN, ROSTER) == ()


def test_ones_own_name_is_never_left():
    assert names_left("Maria, Maria Gonzalez, Gonzalez", OWN, ROSTER) == ()


def ways_to_write(client: Client) -> list[str]:
    first = client.preferred or client.first
    return [
        first,
        client.first,
        client.last,
        *client.also_called,
        f"{first} {client.last}",
        f"{first} {client.last[0]}.",
        f"{first}{client.last[0]}",
        f"{first}'s",
        f"{first}’s",
    ]


NAMES = st.sampled_from(OTHERS).flatmap(lambda c: st.sampled_from(ways_to_write(c)))
FILLERS = st.sampled_from(["sat with", ",", "and", "&", "then thanked", "told", "(", ")", "-", "/", "x2 w/", "."])
SENTENCES = st.lists(st.tuples(FILLERS, NAMES), min_size=1, max_size=6).map(
    lambda parts: " ".join(f"{filler} {name}" for filler, name in parts)
)


@given(SENTENCES)
def test_no_name_of_another_who_attended_survives(text):
    charted = for_own_chart(text)
    words = set(re.findall(r"[^\W\d_]+", charted.casefold()))

    names = {n for c in OTHERS for full in (c.first, c.preferred, c.last, *c.also_called) if full for n in [full]}
    assert {n for n in names if n.casefold() in words} - {"Maria"} == set()
    assert names_left(charted, OWN, ROSTER) == ()


@given(SENTENCES)
def test_replacing_twice_changes_nothing_more(text):
    once = for_own_chart(text)
    assert for_own_chart(once) == once


@given(SENTENCES.map(str.lower))
def test_names_in_lower_case_are_found_where_they_are_no_words(text):
    charted = for_own_chart(text)
    words = set(re.findall(r"[^\W\d_]+", charted))

    assert words & {"tom", "thomas", "becker", "kay", "kayleigh", "lindqvist", "josé", "james", "sam", "ivers"} == set()


@given(st.text(max_size=60))
def test_text_without_names_is_left_in_peace(text):
    bare = without_names(text, OWN, a_roster(clients=(SELF,)), (OWN,))
    assert bare == without_names(bare, OWN, ROSTER, (OWN,))
