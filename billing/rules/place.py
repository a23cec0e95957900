"""Where each client was, and whether the line says so the way the payer wants it."""

import re
from collections.abc import Iterator

from billing.claims import MOST_MODIFIERS, modifiers
from billing.findings import Asks, Case, Choice, Lack, Severity, Stops, rule
from billing.records import About, LineDraft, Mode, Policy
from billing.rules.looking import leader_of, lines_and_modes, listed, name_of, payer_name, policy_of
from billing.terms import KNOWN_MODIFIERS

TELEHEALTH_PLACES = frozenset({"02", "10"})
TELEHEALTH_MODIFIERS = frozenset({"95", "93", "GT", "FQ"})
SETTING_APART = frozenset({"59", "XE", "XP", "XS", "XU"})
WAYS = {Mode.IN_PERSON: "in person", Mode.VIDEO: "by video", Mode.AUDIO: "by phone"}
TELEHEALTH = (Choice(label="At home", value="10"), Choice(label="Elsewhere", value="02"))
ROOMS = (Choice(label="Our office", value="11"), Choice(label="Community mental health center", value="53"))


@rule("G040", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.CLINICIAN)
def it_is_known_where_each_client_was(case: Case) -> Iterator[Lack]:
    """Each line has a place of service, and it is a telehealth one exactly if the client was not in the room.

    Groups are hybrid, and home and elsewhere are paid differently: each client is asked about.
    Source: 837P 005010X222A1, CLM05-1 and SV105; CMS RVU26C (facility and non-facility rates)
    """
    for line, mode in lines_and_modes(case):
        known = line.place is not None and re.fullmatch(r"\d\d", line.place) is not None
        if known and (line.place in TELEHEALTH_PLACES) is mode.telehealth:
            continue
        yield Lack(
            about=About(slot="place", subject=line.client),
            says=f"{name_of(case, line.client)} took part {WAYS[mode]}; place of service {line.place or 'not known'}",
            question=f"Where did {{names}} take part {WAYS[mode]}?",
            choices=TELEHEALTH if mode.telehealth else ROOMS,
            together=True,
        )


@rule("G040", "G042", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def the_payer_takes_the_place(case: Case) -> Iterator[Lack]:
    """The payer pays for the place of service, and for video or phone where a client took part that way.

    Source: Wis. Admin. Code DHS 107.13(2); CCHP, federal telehealth overview; the payer's own policy
    """
    for line, mode in lines_and_modes(case):
        if wrong := _refused(policy_of(case, line.payer), line, mode):
            name, payer = name_of(case, line.client), payer_name(case, line.payer)
            yield Lack(
                about=About(slot="place", subject=line.client),
                says=f"{payer} does not pay for a group {wrong}: {name}",
                question=f"{payer} does not pay for a group {wrong}. What shall become of {name}'s line?",
            )


def _refused(policy: Policy, line: LineDraft, mode: Mode) -> str:
    """What the payer does not pay for, in words; empty if it pays."""
    if mode.telehealth and policy.telehealth is False:
        return "by telehealth"
    if mode is Mode.AUDIO and policy.audio_only is False:
        return "by phone"
    allowed = policy.telehealth_places if mode.telehealth else policy.places
    return f"at place of service {line.place}" if allowed and line.place and line.place not in allowed else ""


@rule("G041", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.NOBODY)
def the_telehealth_modifier_is_the_payers(case: Case) -> Iterator[Lack]:
    """Each line has the payer's modifier for video or phone, and none if the client was in the room.

    Source: ForwardHealth, table of mental health services and modifiers; CCHP, federal telehealth overview
    """
    for line, mode in lines_and_modes(case):
        policy = policy_of(case, line.payer)
        due = {Mode.VIDEO: policy.telehealth_modifier, Mode.AUDIO: policy.audio_modifier}.get(mode)
        given = TELEHEALTH_MODIFIERS.intersection(line.modifiers)
        if given != ({due} if due else set()):
            says = f"{name_of(case, line.client)}'s line has the modifier {', '.join(given) or 'none'}, not {due}"
            yield Lack(about=About(slot="modifiers", subject=line.client), says=says)


@rule("G052", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.NOBODY)
def every_modifier_is_the_payers(case: Case) -> Iterator[Lack]:
    """Each line has the modifiers of the payer's row, in two characters, at most four, and none twice.

    What sets services of a day apart may stand there besides.
    Source: 837P 005010X222A1, SV101-3 to SV101-6
    """
    for line, mode in lines_and_modes(case):
        due = modifiers(mode, leader_of(case), policy_of(case, line.payer))
        given = tuple(m for m in line.modifiers if m not in SETTING_APART)
        shaped = all(re.fullmatch(r"[A-Z0-9]{2}", m) for m in line.modifiers)
        if (
            given != due
            or not shaped
            or len(set(line.modifiers)) < len(line.modifiers)
            or len(line.modifiers) > MOST_MODIFIERS
        ):
            says = f"{name_of(case, line.client)}'s line has the modifiers {listed(line.modifiers) or 'none'}"
            wants = f"{payer_name(case, line.payer)} wants {listed(due) or 'none'}"
            yield Lack(about=About(slot="modifiers", subject=line.client), says=f"{says}; {wants}")


@rule("G052", severity=Severity.WARN, stops=Stops.BILLING, asks=Asks.BILLER)
def every_modifier_is_a_known_one(case: Case) -> Iterator[Lack]:
    """Each modifier is one that is known to occur with group psychotherapy.

    Source: therathink.com, HO modifier; ForwardHealth, table of mental health services and modifiers
    """
    for line in case.lines:
        strange = [m for m in line.modifiers if m not in KNOWN_MODIFIERS]
        if strange:
            name, payer = name_of(case, line.client), payer_name(case, line.payer)
            yield Lack(
                about=About(slot="modifiers", subject=line.client),
                says=f"{name}'s line has the modifier {listed(strange)}, which is not a usual one",
                question=f"Does {payer} really want the modifier {listed(strange)}? It holds {{names}}.",
                together=True,
            )
