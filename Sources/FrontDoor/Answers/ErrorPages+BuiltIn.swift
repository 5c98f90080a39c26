extension ErrorPages {
    static let builtInShell = """
        <!DOCTYPE html>
        <html lang="{{language}}"><head><meta charset="utf-8"><title>{{title}}</title></head>
        <body><h1>{{title}}</h1><p>{{message}}</p><p>{{advice}}</p><p>{{receipt}}</p>{{privacy}}</body></html>

        """

    /// One sentence for each key, so that a page is never empty. `Public/errors/en.txt` holds the ones meant for people.
    static let builtInSentences: Sentences = [
        "title": "This sign-up cannot be accepted",
        "title-other": "This address cannot be answered",
        "missing": "The sign-up link carries no Partner ID.",
        "malformed": "The Partner ID in the sign-up link is not a valid one.",
        "placeholder": "The Partner ID in the sign-up link was never filled in.",
        "guid": "The sign-up link carries a tenant or offer identifier in place of the Partner ID.",
        "conflict": "The sign-up link carries two different Partner IDs.",
        "unknown": "The Partner ID in the sign-up link is not known here.",
        "suspended": "The partner of this sign-up link is suspended.",
        "expired": "The partner of this sign-up link is not valid at this time.",
        "unsigned": "The sign-up link lacks a valid signature.",
        "advice": "Contact the partner or IT supplier who prepared the server.",
        "advice-other": "Check the address, or contact the partner or IT supplier who prepared the server.",
        "receipt": "Reference:",
        "privacy": "Privacy",
        "not-found": "There is nothing at this address.",
        "method-not-allowed": "This address does not take such a request.",
        "too-slow": "The request took too long to arrive. Try again.",
        "too-large": "The request is too large.",
        "bad-request": "The request is malformed.",
        "unavailable": "The sign-up could not be recorded just now. Try again in a few seconds.",
    ]
}
