"""Lab 10: policies that leave each user one folder, one list and their own rows.

A check hangs the learner's policy where it belongs and lets alice, bob and a guest try it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import boto3

from helpers.teach.checks import lab_10_lock, lab_10_rows
from helpers.teach.checks.lab_10_cast import POSTER, REPORT, Person, Stage
from helpers.teach.result import Wrong
from helpers.teach.task import task

ON_BUCKET = ("s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucket")


@task(
    "10.1",
    hints=(
        "Every user wears the same role, so the folder's name has to come from whoever asks. What"
        " does a policy have for that, and which of its names is the identity pool's?",
        "One statement that allows three actions on objects. Its resource is the bucket's ARN, a"
        " slash, and the key's pattern: begin it with users/ and the policy variable for the"
        " identity id, and mind what stands between the id and the star. And which Version knows"
        " variables at all?",
        'Version "2012-10-17", one statement: "Effect": "Allow", the actions s3:GetObject,'
        ' s3:PutObject and s3:DeleteObject, and "Resource":'
        ' BUCKET + "/users/${cognito-identity.amazonaws.com:sub}/*".',
    ),
)
def own_folder(app: SimpleNamespace, policy: object) -> str:
    """Alice and bob use their folders, and try to leave them."""
    stage = Stage(app)
    alice, bob, guest = stage.alice, stage.bob, stage.guest
    stage.put(f"{alice.folder}/cat.jpg", f"{bob.folder}/cat.jpg", REPORT)
    stage.hang("own-folder", policy)
    if not alice.writes(f"{alice.folder}/dog.jpg"):
        raise _why_closed(app, alice)
    if not bob.writes(f"{bob.folder}/dog.jpg"):
        raise Wrong(
            "one policy serves one user",
            "Alice can write to her folder and bob cannot write to his. Everybody wears this role:"
            " the name of the folder must be filled in anew at each request.",
        )
    _nobody_reaches(bob, f"{alice.folder}/cat.jpg")
    _nobody_reaches(alice, REPORT)
    if alice.writes(f"{alice.folder}-2/cat.jpg"):
        raise Wrong(
            "a prefix ends where the id ends",
            "Alice wrote into a folder next to hers, whose name is her id and two more letters."
            " The star matches those, too, unless a slash stands before it.",
        )
    if not (alice.reads(f"{alice.folder}/dog.jpg") and alice.deletes(f"{alice.folder}/dog.jpg")):
        raise Wrong(
            "who may write may read and delete",
            "Alice wrote a file in her folder, but could not both read it and delete it. S3 has an"
            " action for each of the three.",
        )
    if alice.publishes(f"{alice.folder}/cat.jpg"):
        raise Wrong(
            "in the own folder every action is harmless",
            "Alice was allowed to change the access list of her photo, which is how files become"
            " public. Allow the three actions that the story names, no pattern of them.",
        )
    if alice.tags(f"{alice.folder}/cat.jpg"):
        raise Wrong(
            "a label on a photo is only a label",
            "Alice was allowed to tag her photo. Policies and clean-up rules can go by tags, and"
            " the story names three actions; PutObjectTagging is a fourth.",
        )
    if may := _on_the_bucket(stage):
        raise Wrong(
            "whoever has a folder needs its bucket",
            f"Alice may also do {', '.join(may)}, and the bucket is everybody's. Reading, writing"
            " and deleting photos needs no right on the bucket itself.",
        )
    if alice.lists() or alice.lists(Prefix=f"{alice.folder}/"):
        raise Wrong(
            "to use a folder is to list it",
            "Alice was allowed to list. For a photo whose key the app knows no list is needed, and"
            " the story does not name it; lists are the next task.",
        )
    if guest.reads(f"{alice.folder}/cat.jpg"):
        raise Wrong("a guest has no rights", "A guest read alice's photo.")
    return (
        "Alice and bob read, wrote and deleted in their own folders. Bob did not get into alice's,"
        " nor alice into reports/ or a folder beside hers."
    )


def _why_closed(app: SimpleNamespace, alice: Person) -> Wrong:
    """Find out which folder the policy opened instead of alice's."""
    user_id = alice.session.client("sts").get_caller_identity()["UserId"]
    if alice.writes(f"users/{user_id}/dog.jpg"):
        return Wrong(
            "aws:userid is the identity id",
            f"Alice could not write to her folder, only to users/{user_id}/, and there bob can"
            " write, too: aws:userid is the role's id and the session's name, the same for all.",
        )
    if alice.writes(f"users/{_pool_sub(app, 'alice')}/dog.jpg"):
        return Wrong(
            "the user pool sub is the identity id",
            f"Alice's folder is {alice.folder}/, and the policy opened the one that is named after"
            " her sub in the user pool. IAM sees only what the identity pool says of her.",
        )
    if alice.writes(f"/{alice.folder}/dog.jpg"):
        return Wrong(
            "a key begins with a slash",
            "Alice could write only to keys with a slash in front, /users/…, and her photos have"
            " none. In an ARN the bucket's name, one slash, and the key follow each other.",
        )
    alice.writes(f"{alice.folder}/dog.jpg")  # once more: cloud.explain() tells of the last call
    return Wrong(
        "the statement matches the request",
        f"Alice could not write {alice.folder}/dog.jpg. Let cloud.explain() show which part of"
        " your statement did not match.",
    )


def _on_the_bucket(stage: Stage) -> list[str]:
    """Return what the role may do with the bucket as a whole."""
    return stage.permits(*ON_BUCKET, resource=f"arn:aws:s3:::{stage.app.bucket}")


def _pool_sub(app: SimpleNamespace, name: str) -> str:
    """Return a user's sub in the user pool."""
    found = boto3.client("cognito-idp").admin_get_user(UserPoolId=app.user_pool_id, Username=name)
    return {a["Name"]: a["Value"] for a in found["UserAttributes"]}["sub"]


def _nobody_reaches(attacker: Person, key: str) -> None:
    tried = {"read": attacker.reads, "replaced": attacker.writes, "deleted": attacker.deletes}
    done = [verb for verb, attempt in tried.items() if attempt(key)]
    if done:
        raise Wrong(
            "the app asks only for the user's own folder",
            f"An attacker with an ordinary user's credentials {' and '.join(done)} {key}. The app"
            " may never ask for it; the credentials also work without the app.",
        )


@task(
    "10.2",
    hints=(
        "Which resource does a refused list name in its message: objects, or something else?",
        "Allow s3:ListBucket on the bucket's own ARN. The folder goes into a Condition on the key"
        " s3:prefix. Then think of who leaves the prefix out, or asks for less of it.",
        '"Action": "s3:ListBucket", "Resource": BUCKET, and "Condition": {"StringLike":'
        ' {"s3:prefix": "users/${cognito-identity.amazonaws.com:sub}/*"}}.',
    ),
)
def own_list(app: SimpleNamespace, policy: object) -> str:
    """Alice lists her folder, and then asks for less and less of the prefix."""
    stage = Stage(app)
    alice, bob = stage.alice, stage.bob
    stage.put(f"{alice.folder}/cat.jpg", f"{bob.folder}/cat.jpg", REPORT)
    stage.hang("own-list", policy)
    if not alice.lists(Prefix=f"{alice.folder}/"):
        raise _why_no_list(stage)
    if not bob.lists(Prefix=f"{bob.folder}/"):
        raise Wrong(
            "one policy serves one user",
            "Alice can list her folder and bob cannot list his. Everybody wears this role: the"
            " folder must be filled in anew at each request.",
        )
    if alice.lists():
        raise _why_everything(alice, bob)
    if alice.lists(Prefix=""):
        raise Wrong(
            "an empty prefix shows nothing",
            "Alice asked with Prefix='' and got every name in the bucket: each key begins with the"
            " empty text. Do not allow the empty prefix.",
        )
    if alice.lists(Prefix="users/") or alice.lists(Prefix=f"{bob.folder}/"):
        raise Wrong(
            "any condition on the prefix keeps users apart",
            "Alice listed users/ or bob's folder, and read who uses the app and what they keep. The"
            " condition is there, but it holds for others' prefixes as well.",
        )
    if alice.lists(Prefix=alice.folder):
        raise Wrong(
            "a prefix ends where the id ends",
            "Alice listed with her id and no slash after it; that also shows folders whose names"
            " only begin like hers. Put the slash into the condition.",
        )
    if not alice.lists(Prefix=f"{alice.folder}/2026/"):
        raise Wrong(
            "a condition on a prefix means all that begins with it",
            "Alice listed her folder and was refused with 2026/ behind it. A condition compares the"
            " whole prefix of the request: only a pattern with a star lets it be longer.",
        )
    if alice.lists_versions() or alice.lists_versions(Prefix=f"{bob.folder}/"):
        raise Wrong(
            "versions are no names",
            "Alice listed the versions of everybody's files: their names are in that list, too. It"
            " has an action of its own, s3:ListBucketVersions, that the gallery does not need.",
        )
    if may := _on_the_bucket(stage):
        raise Wrong(
            "what is on the bucket's ARN is a list",
            f"Alice may also do {', '.join(may)}. The bucket's ARN stands for the bucket as a"
            " whole, with its settings: name the one action.",
        )
    if alice.writes(f"{bob.folder}/dog.jpg") or alice.deletes(f"{bob.folder}/dog.jpg"):
        raise Wrong(
            "a second policy may repeat more than the first one says",
            "The policy also let alice write or delete in bob's folder. This one is for listing;"
            " allows add up, and whatever it says too much is added to the role.",
        )
    if alice.reads(f"{bob.folder}/cat.jpg"):
        raise Wrong("who may list may read", "The policy also let alice read bob's photo.")
    return (
        "Alice and bob each listed their own folder. Without a prefix, with an empty one, with"
        " users/ or bob's, alice was refused."
    )


def _why_no_list(stage: Stage) -> Wrong:
    alice = stage.alice
    if alice.lists(Prefix=f"{alice.folder}/*"):
        return Wrong(
            "StringEquals knows the star",
            "Alice may list only the prefix that ends in a real star. Patterns need StringLike.",
        )
    photo = f"arn:aws:s3:::{alice.bucket}/{alice.folder}/cat.jpg"  # nobody can "list" an object
    if stage.permits("s3:ListBucket", resource=photo, known={"s3:prefix": f"{alice.folder}/"}):
        return Wrong(
            "ListBucket goes on bucket/*, like the others",
            "Alice could not list her folder. Your policy allows s3:ListBucket on objects, and no"
            " request ever asks that: what is listed is the bucket.",
        )
    alice.lists(Prefix=f"{alice.folder}/")  # once more: cloud.explain() tells of the last call
    return Wrong(
        "the statement matches the request",
        f"Alice could not list with the prefix {alice.folder}/. Let cloud.explain() show which"
        " part of your statement did not match.",
    )


def _why_everything(alice: Person, bob: Person) -> Wrong:
    if alice.lists(Prefix=f"{bob.folder}/"):
        return Wrong(
            "a list shows only what one may open",
            "Alice listed the whole bucket, bob's folder and reports/ among it. A list asks for no"
            " permission on the files in it; only a condition on the prefix narrows it.",
        )
    return Wrong(
        "a condition refuses a request that lacks its key",
        "Alice left the prefix out and got every name in the bucket. Your condition holds when"
        " there is no s3:prefix in the request; it has to ask for one.",
    )


@task(
    "10.3",
    hints=(
        "Take the statements one by one and ask of each: which key would bob have to name to reach"
        " something of alice's? Remember that a copy reads.",
        "One star lacks a slash before it. One statement was meant for shared/ and says the whole"
        " bucket. In the third a star stands where a user's id should stand.",
        'The resources are BUCKET + "/users/" + SUB + "/*", BUCKET + "/shared/*" and'
        ' BUCKET + "/users/" + SUB + "/trash/*"; effects, actions and version stay.',
    ),
)
def repaired(app: SimpleNamespace, policy: object) -> str:
    """Bob tries the three holes; then alice tries whether everything still works."""
    stage = Stage(app)
    alice, bob = stage.alice, stage.bob
    photo, trash = f"{alice.folder}/cat.jpg", f"{alice.folder}/trash/old.jpg"
    stage.put(photo, trash, f"{alice.folder}/trash/older.jpg", POSTER, REPORT)
    stage.hang("inherited", policy)
    if bob.copies(photo, f"{bob.folder}/loot.jpg") or bob.reads(photo) or bob.reads(REPORT):
        raise Wrong(
            "an app that reads only shared/ keeps its users there",
            "Bob had S3 copy alice's photo into his folder, or read reports/. The statement that is"
            " meant for the posters allows reading more than posters.",
        )
    if bob.deletes(f"{alice.folder}/trash/older.jpg"):
        raise Wrong(
            "a star stands for the caller's own id",
            "Bob deleted a file in alice's trash. A star stands for any text, hers as well; a"
            " variable stands for the caller.",
        )
    if bob.deletes(f"{bob.folder}-2/trash/old.jpg"):
        raise Wrong(
            "trash/ behind the star is slash enough",
            "Bob emptied the trash of a folder whose name only begins with his id. A star takes in"
            " letters and slashes: the slash has to come right after the id.",
        )
    if bob.writes(f"{bob.folder}-2/cat.jpg") or bob.writes(photo):
        raise Wrong(
            "a prefix ends where the id ends",
            "Bob wrote outside his folder: his id with two more letters behind it was good enough."
            " A slash has to stand before the star.",
        )
    if bob.writes("shared/advert.jpg") or bob.deletes("shared/advert.jpg"):
        raise Wrong(
            "what all may see all may change",
            "Bob hung a file of his own in shared/, or took one down. The story lets users look at"
            " the posters: its only action is s3:GetObject.",
        )
    if alice.deletes(photo):
        raise Wrong(
            "owners may delete",
            "Alice deleted a photo that was not in her trash. The story keeps photos from slips:"
            " only what lies in the trash may go.",
        )
    works = {
        "read her photo": alice.reads(photo),
        "write a photo": alice.writes(f"{alice.folder}/dog.jpg"),
        "empty her trash": alice.deletes(trash),
        "see the poster": alice.reads(POSTER),
    }
    broken = [what for what, worked in works.items() if not worked]
    if broken:
        raise Wrong(
            "what is closed is safe",
            f"The holes are shut, but alice can no longer {' or '.join(broken)}. A repair leaves"
            " standing what the app needs.",
        )
    return (
        "Bob's copy, his delete in alice's trash and his write beside his folder were refused."
        " Alice still reads, writes, empties her trash and sees the poster."
    )


CARELESS = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")


@task(
    "10.4",
    hints=(
        "The role already allows too much, and allows add up. What is the only thing that beats an"
        " allow? And who is meant by each of the two rules?",
        "Two statements with Deny. The first has the role as its Principal and, as NotResource, the"
        " folder that stays open. The second is for everybody, on s3:PutObject, with a condition on"
        " the key s3:x-amz-server-side-encryption; take one that also holds when it is missing.",
        'First: "Principal": {"AWS": app.role_arn}, the three actions, "NotResource": BUCKET +'
        ' "/users/" + SUB + "/*". Second: "Principal": "*", "Action": "s3:PutObject", "Resource":'
        ' BUCKET + "/*", "Condition": {"StringNotEquals":'
        ' {"s3:x-amz-server-side-encryption": "aws:kms"}}.',
    ),
)
def second_lock(app: SimpleNamespace, policy: object) -> str:
    """Under a careless role, the bucket itself must refuse; its owner must not be shut out."""
    stage = Stage(app)
    stage.put(f"{stage.alice.folder}/cat.jpg", f"{stage.bob.folder}/cat.jpg", REPORT)
    stage.hang("careless", _careless(app))
    stage.hang_on_bucket(policy)
    try:
        lab_10_lock.admin_still_works(stage)
        lab_10_lock.folders_hold(stage)
        lab_10_lock.uploads_are_encrypted(stage)
    finally:
        stage.admin.s3.delete_bucket_policy(Bucket=app.bucket)
    return (
        "The careless policy still hangs on the role, and bob did not get into alice's folder."
        " Uploads without aws:kms were refused, also the administrator's; the rest of the"
        " administrator's work goes on."
    )


def _careless(app: SimpleNamespace) -> Mapping[str, Any]:
    everything = {
        "Effect": "Allow",
        "Action": list(CARELESS),
        "Resource": f"arn:aws:s3:::{app.bucket}/*",
    }
    return {"Version": "2012-10-17", "Statement": [everything]}


@task(
    "10.5",
    hints=(
        "What in a request tells whose row it is about? A policy can ask for it by a condition key"
        " of DynamoDB's own.",
        "The condition is ForAllValues:StringEquals on dynamodb:LeadingKeys. Then think of a"
        " request that names no key at all: either it is no allowed action, or a second condition"
        " demands the key.",
        '"Action": "dynamodb:*", "Resource": app.table_arn, "Condition":'
        ' {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys":'
        ' ["${cognito-identity.amazonaws.com:sub}"]}, "Null": {"dynamodb:LeadingKeys": "false"}}.',
    ),
)
def own_rows(app: SimpleNamespace, policy: object) -> str:
    """Alice uses her rows; then bob asks for them by key, in a batch, and for the whole table."""
    stage = Stage(app)
    lab_10_rows.lay_out(stage)
    stage.hang("own-rows", policy)
    lab_10_rows.judge(stage)
    return (
        "Alice and bob got, put, updated and queried their own rows. Bob got at alice's neither by"
        " name nor in a batch, and what names no key, like a scan of the table, was refused."
    )
