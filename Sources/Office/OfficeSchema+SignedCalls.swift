extension OfficeSchema {
    static let signedCallTables = """
        -- Signatures of calls that change a partner of record, until they are too old to be sent again: each is good once.
        -- code: in hexadecimal. time: when the call came.
        CREATE TABLE signed_call (
            code TEXT PRIMARY KEY,
            time INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX signed_call_time ON signed_call (time);
        """
}
