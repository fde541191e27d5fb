"""The directory's metadata is read by other makes."""

from __future__ import annotations

from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser as MetadataParser
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML as Xml
from saml2 import md

from helpers.providers.saml import uris
from helpers.providers.saml.keys import read_certificate
from helpers.providers.saml.safe_xml import parse, qname
from tests.providers.saml.service_provider import Browser


def test_python3_saml_reads_it(browser: Browser) -> None:
    data = browser.get("/saml/metadata").answer.data
    idp = MetadataParser.parse(data)["idp"]
    assert idp["entityId"] == "https://idp.example.com/saml/metadata"
    assert idp["singleSignOnService"]["url"] == "https://idp.example.com/saml/sso"
    assert idp["singleLogoutService"]["url"] == "https://idp.example.com/saml/slo"
    assert read_certificate(idp["x509cert"]).subject.rfc4514_string() == "CN=idp.example.com"


def test_it_is_valid_by_the_schema(browser: Browser) -> None:
    data = browser.get("/saml/metadata").answer.data
    assert not isinstance(Xml.validate_xml(data, "saml-schema-metadata-2.0.xsd"), str)


def test_pysaml2_reads_it(browser: Browser) -> None:
    entity = md.entity_descriptor_from_string(browser.get("/saml/metadata").text)
    role = entity.idpsso_descriptor[0]
    assert {s.binding for s in role.single_sign_on_service} == {uris.REDIRECT, uris.POST}
    assert {s.binding for s in role.single_logout_service} == {uris.REDIRECT, uris.POST}
    assert {f.text for f in role.name_id_format} == set(uris.NAME_ID_FORMATS.values())


def test_it_has_a_media_type_of_its_own_and_no_encryption_key(browser: Browser) -> None:
    answer = browser.get("/saml/metadata").answer
    assert answer.mimetype == "application/samlmetadata+xml"
    uses = [key.get("use") for key in parse(answer.data).iter(qname("md:KeyDescriptor"))]
    assert uses == ["signing"]


def test_each_lesson_has_a_key_of_its_own_which_stays(browser: Browser) -> None:
    assert browser.get("/saml/metadata").text == browser.get("/saml/metadata").text
    assert browser.get("/saml/metadata").text != Browser().get("/saml/metadata").text
