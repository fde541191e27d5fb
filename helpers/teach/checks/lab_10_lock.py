"""Task 10.4: guests, users and the administrator at a bucket with a policy of its own."""

from __future__ import annotations

from helpers.teach.checks.lab_10_cast import KMS, REPORT, SUB, Person, Stage
from helpers.teach.result import Wrong


def admin_still_works(stage: Stage) -> None:
    """Have the administrator read a photo and write a report."""
    admin = stage.admin
    if not (admin.reads(f"{stage.alice.folder}/cat.jpg") and admin.writes(REPORT, **KMS)):
        raise Wrong(
            "a deny for everybody spares the administrator",
            "The administrator can no longer read the photos or write an encrypted report. A Deny"
            " with the Principal * means everybody, and no allow beats it: name the role.",
        )


def folders_hold(stage: Stage) -> None:
    """Let a guest in, and users out of their folders, if the policy does."""
    alice, bob, guest = stage.alice, stage.bob, stage.guest
    photo = f"{alice.folder}/cat.jpg"
    if guest.reads(photo) or guest.writes(f"{guest.folder}/cat.jpg", **KMS):
        raise Wrong(
            "the Principal * means the app's users",
            "A guest, whose role allows nothing, got into the bucket: your policy let them in."
            " A second lock needs no Allow.",
        )
    if guest.reads(REPORT) or guest.writes(REPORT, **KMS) or guest.deletes(REPORT):
        raise Wrong(
            "an Allow on the bucket adds to nobody's rights",
            "A guest got at a report. Your bucket policy has an Allow for it, and within one"
            " account that is enough: the guest's own role does not have to allow it as well.",
        )
    reached = bob.reads(photo) or bob.writes(photo, **KMS) or bob.deletes(photo)
    if reached or alice.reads(REPORT):
        raise Wrong(
            "allowing one folder forbids the others",
            "Bob still read, replaced or deleted alice's photo, or alice read a report: the"
            " careless policy allows it, and allows add up. Only a Deny takes something away.",
        )
    if alice.writes(REPORT, **KMS) or alice.deletes(REPORT):
        raise Wrong(
            "who cannot read cannot harm",
            "Alice could not read a report, but she replaced or deleted it. The fence leaves open"
            " a place that is not her folder: all three actions belong to the same NotResource.",
        )
    if not (alice.writes(photo, **KMS) and alice.reads(photo) and bob.deletes(f"{bob.folder}/x")):
        raise _why_locked_out(alice)


def _why_locked_out(alice: Person) -> Wrong:
    if alice.writes(f"users/{SUB}/cat.jpg", **KMS):
        return Wrong(
            "variables are filled in under every version",
            "Alice may not use her folder, only one that is called ${…} to the letter, and so may"
            " everybody. A bucket takes a policy of the old version, which knows no variables.",
        )
    return Wrong(
        "what is closed is safe",
        "Alice or bob can no longer use their own folder. The deny has to leave it out, with the"
        " variable in NotResource.",
    )


def uploads_are_encrypted(stage: Stage) -> None:
    """Upload without the header, or with another value in it."""
    alice = stage.alice
    photo = f"{alice.folder}/cat.jpg"
    if alice.writes(photo):
        raise Wrong(
            "a request without the header breaks no rule",
            "Alice's upload said nothing of encryption and went through: what is not there equals"
            " nothing. Use a condition that also holds when the key is missing.",
        )
    if alice.writes(photo, ServerSideEncryption="AES256"):
        raise Wrong(
            "any encryption header will do",
            "Alice's upload asked for AES256 and went through. The auditors want aws:kms: compare"
            " the value, not only whether there is one.",
        )
    if stage.admin.writes(REPORT):
        raise Wrong(
            "the rule is for the app's users alone",
            "The administrator uploaded a report without aws:kms, and the second rule is for all.",
        )
