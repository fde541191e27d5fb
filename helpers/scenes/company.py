"""A customer of the photo app with a directory of its own, before notebook 07 lets it in.

Plain boto3, as a learner would type it.
"""

from __future__ import annotations

from types import SimpleNamespace

import boto3

from . import hosted_ui


def customer() -> SimpleNamespace:
    """The pool with sign-in pages, and a place in it for a company's groups: `custom:groups`.

    The namespace is that of `hosted_ui.with_pages`.
    """
    app = hosted_ui.with_pages()
    groups = {
        "Name": "groups",
        "AttributeDataType": "String",
        "Mutable": True,  # what is mapped is written at every sign-in
        "StringAttributeConstraints": {"MaxLength": "2048"},
    }
    boto3.client("cognito-idp").add_custom_attributes(
        UserPoolId=app.user_pool_id, CustomAttributes=[groups]
    )
    return app
