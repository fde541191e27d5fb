"""Logins of a company directory: a SAML response that was written for AWS, and for nobody else."""

from __future__ import annotations

import jwt
import pytest

from helpers import lab
from helpers.providers.saml import tamper
from helpers.providers.saml.keys import KeyPair
from tests.cloud.aws_saml.directory import ALICE, PROVIDER, VICTIM, Directory, posted
from tests.cloud.identity_pools.app import App, allowing, error_of, trust

INVALID = "Invalid login token."
# These leave a true statement behind. AWS sends no requests, so that none can be answered wrongly.
HARMLESS = frozenset(
    {
        "comment_in_name_id",
        "empty_groups",
        "replayed",
        "wrong_in_response_to",
        "no_in_response_to",
    }
)


@pytest.fixture
def bare(cloud: lab.Cloud, directory: Directory) -> App:
    """An app whose pool takes the people of the directory, and guests."""
    made = App(cloud)
    made.pool_id = made.new_pool(AllowUnauthenticatedIdentities=True, SamlProviderARNs=[PROVIDER])
    return made


def refused(app: App, response: str) -> str:
    """GetId and GetCredentialsForIdentity must give the same refusal; its message."""
    guest = app.get_id()
    first = error_of(app.get_id, logins={PROVIDER: response})
    assert first[0] == "NotAuthorizedException"
    assert error_of(app.credentials, identity_id=guest, logins={PROVIDER: response}) == first
    return first[1]


class TestResponsesThatAreNotTrue:
    @pytest.mark.parametrize("how", sorted(tamper.FAULTS))
    def test_nobody_signs_in_as_somebody_else(
        self, bare: App, directory: Directory, stranger: KeyPair, how: str
    ) -> None:
        victims = bare.get_id({PROVIDER: posted(directory.response(name_id=VICTIM))})
        sign = tamper.signature_for(how, "assertion")
        context = tamper.Context(
            directory.pair.certificate,
            stranger,
            VICTIM,
            directory.now,
            signer=directory.pair,
            sign=sign,
            previous=directory.response(),
        )
        forged = {PROVIDER: posted(tamper.FAULTS[how](directory.response(sign=sign), context))}
        code, _ = error_of(bare.credentials, identity_id=victims, logins=forged)
        assert code == "NotAuthorizedException"
        if how not in HARMLESS:
            assert refused(bare, forged[PROVIDER]).startswith(INVALID)

    @pytest.mark.parametrize("response", ["x", "%", "PHg+", "\ud800", "A" * 40_000])
    def test_garbage_is_no_login(self, bare: App, response: str) -> None:
        assert refused(bare, response).startswith(INVALID)

    def test_a_response_grows_old_in_five_minutes(self, bare: App, directory: Directory) -> None:
        mine = posted(directory.response())
        bare.get_id({PROVIDER: mine})
        bare.cloud.clock.advance(minutes=6)
        assert refused(bare, mine).startswith(INVALID)

    def test_a_response_for_another_site_is_none_for_aws(
        self, bare: App, directory: Directory
    ) -> None:
        shop = "https://shop.auth.us-east-1.amazoncognito.com/saml2/idpresponse"
        elsewhere = posted(directory.response(acs_url=shop, audience="urn:amazon:cognito:sp:x"))
        assert refused(bare, elsewhere).startswith(INVALID)

    def test_a_provider_of_another_account_vouches_for_nobody(
        self, bare: App, directory: Directory
    ) -> None:
        foreign = PROVIDER.replace("123456789012", "999999999999")
        mine = posted(directory.response())
        says = (
            "NotAuthorizedException",
            f"Identity provider {foreign} is not valid for account 123456789012",
        )
        assert error_of(bare.new_pool, SamlProviderARNs=[foreign]) == says
        assert error_of(bare.get_id, logins={foreign: mine})[0] == "NotAuthorizedException"

    def test_a_provider_that_was_deleted_signs_nobody_in(
        self, bare: App, directory: Directory
    ) -> None:
        mine = posted(directory.response())
        bare.get_id({PROVIDER: mine})
        bare.iam.delete_saml_provider(SAMLProviderArn=PROVIDER)
        assert refused(bare, mine).startswith(INVALID)

    def test_the_basic_flow_takes_no_response(self, bare: App, directory: Directory) -> None:
        mine = {PROVIDER: posted(directory.response())}
        wanted = {"IdentityId": bare.get_id(mine), "Logins": mine}
        assert error_of(bare.identity.get_open_id_token, **wanted) == (
            "InvalidParameterException",
            "Basic (classic) flow is not supported with SAML providers, please use enhanced flow.",
        )


class TestIdentities:
    def test_a_person_has_one_identity(self, bare: App, directory: Directory) -> None:
        mine = bare.get_id({PROVIDER: posted(directory.response())})
        assert bare.get_id({PROVIDER: posted(directory.response(sign="response"))}) == mine
        other = posted(directory.response(name_id="bob@example.com"))
        assert bare.get_id({PROVIDER: other}) != mine
        assert bare.identity.describe_identity(IdentityId=mine)["Logins"] == [PROVIDER]

    def test_a_developers_token_names_the_person(self, bare: App, directory: Directory) -> None:
        name = "login.backend.example"
        bare.pool_id = bare.new_pool(SamlProviderARNs=[PROVIDER], DeveloperProviderName=name)
        given = bare.identity.get_open_id_token_for_developer_identity(
            IdentityPoolId=bare.pool_id,
            Logins={PROVIDER: posted(directory.response()), name: "alice"},
        )
        amr = jwt.decode(given["Token"], options={"verify_signature": False})["amr"]
        assert amr[:3] == ["authenticated", PROVIDER, f"{PROVIDER}:SAML:{ALICE}"]

    def test_a_person_gets_credentials(self, bare: App, directory: Directory) -> None:
        """Of the one role that the assertion names, if it lets this pool's users in."""
        bare.new_role("Engineer", trust(bare.pool_id, PROVIDER), allowing("s3:*"))
        mine = {PROVIDER: posted(directory.response())}
        given = bare.credentials(bare.get_id(mine), mine)
        arn = bare.client("sts", given).get_caller_identity()["Arn"]
        assert arn.endswith(":assumed-role/Engineer/CognitoIdentityCredentials")
