"""Read the real posts (`$TOMEI_REAL_DATA/statuspage-gcp-aws`) and print what the guards say of them.

    TOMEI_REAL_DATA=… python -m tomei.comms.tests.real_posts [--guard vague]

Reads only; the figures stand in `test_real_posts.py`.
"""

from __future__ import annotations

import gzip
import html
import json
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from tomei.comms.guards import Facts, Finding, check

# What such a house says to its customers every day, as an operator would list it: names of services and of sites.
CLOUD = frozenset(
    """
    GKE GCE VPC IAM GCS DNS CPU GPU TPU BGP CDN TCP UDP RDP SSH NAT IO LB VMS OAUTH SAML REST RPC GRPC
    KMS AD AP PD AF SDN GCLB GCB GCDF NSX CLI GTID MTU HCX USE1
    """.split()  # noqa: SIM905 — a list to be read
)
AMAZON = frozenset(
    """
    RDS EBS ECS EKS ELB SQS SNS SES ACM DMS EMR EFS AZ AZS ASG MSK WAF CLI NLB ALB SSM SWF AMI AMIS ENI
    ENIS USE1 USGW APNE2 RA3 DMS
    """.split()  # noqa: SIM905 — a list to be read
)
_KNOWN = re.compile(
    r"identified|root\s+cause|mitigat|resolved|recover|determined|restored|isolated|fix|rolled\s+back|preliminary",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Post:
    name: str  # `gcp:<incident>:<place>`: how a label names it
    text: str
    previous: tuple[str, ...]
    final: bool
    cause_known: bool = False  # this post, or one before it, says that the cause was identified or that it is over

    @property
    def findings(self) -> list[Finding]:
        own = (
            ("Google Cloud", "Google", "GCP") if self.name.startswith("gcp") else ("AWS", "Amazon Web Services", "EC2")
        )
        words = CLOUD if self.name.startswith("gcp") else CLOUD | AMAZON
        facts = Facts(
            previous=self.previous, names=own, first=not self.previous, cause_known=self.cause_known, words=words
        )
        return check(self.text, "en", facts)


def folder() -> Path | None:
    root = os.environ.get("TOMEI_REAL_DATA", "")
    path = Path(root) / "statuspage-gcp-aws"
    return path if root and path.is_dir() else None


def posts() -> list[Post]:
    where = folder()
    return [*_google(where), *_amazon(where)] if where else []


def _google(where: Path) -> list[Post]:
    found: list[Post] = []
    for incident in json.loads(gzip.decompress((where / "gcp_incidents.json.gz").read_bytes())):
        earlier: list[str] = []
        for place, update in enumerate(sorted(incident["updates"], key=lambda one: one["when"])):
            text = _plain(update["text"])
            name = f"gcp:{incident['id'][:8]}:{place}"
            known = any(_KNOWN.search(one) for one in [*earlier, text])
            found.append(Post(name, text, tuple(reversed(earlier[-2:])), update["status"] == "AVAILABLE", known))
            earlier.append(text)
    return found


def _amazon(where: Path) -> list[Post]:
    found: list[Post] = []
    data = json.loads(gzip.decompress((where / "aws_data.json.gz").read_bytes()))
    for number, incident in enumerate([*data["archive"], *data["current"]]):
        pieces = re.split(r"<span class=\"yellowfg\">.*?</span>|<div>", incident.get("description") or "")
        texts = [text for text in (_plain(re.sub(r"<[^>]+>", " ", piece)) for piece in pieces) if text]
        for place, text in enumerate(texts):
            earlier = tuple(reversed(texts[max(0, place - 2) : place]))
            known = any(_KNOWN.search(one) for one in texts[: place + 1])
            found.append(Post(f"aws:{number}:{place}", text, earlier, place == len(texts) - 1, known))
    return found


def _plain(text: str) -> str:
    text = re.sub(r"^#+\s*|\*\*|\*(?=\S)", "", html.unescape(text), flags=re.MULTILINE)
    return re.sub(r"[ \t]+", " ", text).strip()


def main() -> None:
    wanted = sys.argv[sys.argv.index("--guard") + 1] if "--guard" in sys.argv else ""
    every = posts()
    for post in every:
        for one in post.findings:
            if not wanted or one.guard == wanted:
                around = " ".join(post.text[max(0, one.start - 90) : one.end + 60].split())
                print(f"{post.name}\t{one.guard}\t[{' '.join(one.match.split())[:80]}]\t{around[:260]}")  # noqa: T201
    hit = sum(1 for post in every if post.findings)
    print(f"{len(every)} posts, {hit} with a finding")  # noqa: T201


if __name__ == "__main__":
    main()
