"""What payers and clearinghouses send back, made by hand; a 999 is made by pyx12 from our own file."""

from io import StringIO

from pyx12.params import ParamsBase
from pyx12.x12n_document import x12n_document

from billing.export.responses import Sent
from billing.records import LineId

NPI = "1990000006"


def enveloped(kind: str, guide: str, *segments: str, group: str = "HN", control: str = "000000901") -> bytes:
    """A whole file around the inside of one set."""
    body = [f"ST*{kind}*0001" if kind == "835" else f"ST*{kind}*0001*{guide}", *segments]
    lines = [
        f"ISA*00*          *00*          *ZZ*HGX01          *ZZ*RB0001         *260918*0600*^*00501*{control}*0*P*:",
        f"GS*{group}*HGX01*RB0001*20260918*0600*901*X*{guide}",
        *body,
        f"SE*{len(body) + 1}*0001",
        "GE*1*901",
        f"IEA*1*{control}",
    ]
    return "".join(f"{line}~\n" for line in lines).encode()


def acknowledgement_of(text: str) -> bytes:
    """The 999 that pyx12 would send for a file of ours."""
    answer = StringIO()
    x12n_document(ParamsBase(), StringIO(text), answer, None)
    return answer.getvalue().encode()


def status(
    *patients: str, of_file: str = "A1:19", of_practice: str = "A1:19", npi: str = NPI, control: str = "000000902"
) -> bytes:
    """A 277CA: what is said of the file, and of each claim."""
    return enveloped(
        "277",
        "005010X214",
        "BHT*0085*08*77*20260918*0600*TH",
        "HL*1**20*1",
        "NM1*PR*2*NORTHSTAR HEALTH*****PI*NSTAR",
        "TRN*1*ABC",
        "DTP*050*D8*20260917",
        "DTP*009*D8*20260917",
        "HL*2*1*21*1",
        "NM1*41*2*RIVERBEND COUNSELING*****46*RB0001",
        "TRN*2*000000042-0001",
        f"STC*{of_file}:40*20260917*WQ*130",
        "HL*3*2*19*1",
        f"NM1*85*2*RIVERBEND COUNSELING*****XX*{npi}",
        "TRN*1*0",
        f"STC*{of_practice}:PR**WQ*65",
        *(segment for patient in patients for segment in patient.split("~")),
        control=control,
    )


def patient(level: int, claim: str, said: str, *more: str) -> str:
    """One claim of a 277CA. `said` is its STC without the name."""
    return "~".join(
        (
            f"HL*{level}*3*PT",
            "NM1*QC*1*GONZALEZ*MARIA****MI*NS4410927",
            f"TRN*2*{claim}",
            f"STC*{said}",
            *more,
            "DTP*472*D8*20260915",
        )
    )


def remittance(*claims: str, total: str, npi: str = NPI, besides: str = "", control: str = "000000903") -> bytes:
    """An 835: who pays whom how much, and what for."""
    return enveloped(
        "835",
        "005010X221A1",
        f"BPR*I*{total}*C*ACH*CCP*01*999999992*DA*123456*1512345678**01*999988880*DA*98765*20260925",
        "TRN*1*EFT5501*1512345678",
        "DTM*405*20260924",
        "N1*PR*NORTHSTAR HEALTH",
        "N3*1 NORTH STREET",
        "N4*ALBANY*NY*12207",
        "PER*BL*PROVIDER LINE*TE*8005550100",
        f"N1*PE*RIVERBEND COUNSELING*XX*{npi}",
        "LX*1",
        *(segment for claim in claims for segment in claim.split("~")),
        *((besides,) if besides else ()),
        group="HP",
        control=control,
    )


def _joined(*segments: str) -> str:
    return "~".join(segments)


PAID = _joined(
    "CLP*C1*1*65*45*20*12*26268A001*11*1",
    "NM1*QC*1*GONZALEZ*MARIA****MI*NS4410927",
    "SVC*HC:90853:HQ*65*45**1",
    "DTM*472*20260915",
    "CAS*PR*3*20",
    "REF*6R*C1-L1",
)
DENIED = _joined(
    "CLP*C2*4*65*0**12*26268A002*11*1",
    "NM1*QC*1*BECKER*THOMAS****MI*NS2",
    "SVC*HC:90853:HQ*65*0**1",
    "DTM*472*20260915",
    "CAS*CO*29*65",
    "REF*6R*C2-L1",
    "LQ*HE*N211",
)


def sent(*claims: str, lines: int = 1) -> tuple[Sent, ...]:
    """Claims as they went out in the builders' batch."""
    return tuple(
        Sent(
            claim=claim,
            interchange=42,
            group=17,
            set="0001",
            reference="000000042-0001",
            lines=tuple((LineId(f"id-{claim}-{n}"), f"{claim}-L{n}") for n in range(1, lines + 1)),
        )
        for claim in claims
    )
