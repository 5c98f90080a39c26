import Attribution
import SeededRandomness
import Testing

@Suite struct RecordEncodingTests {
    private static func decision(campaign: String, target: String = "/c/1234567?tag=") throws -> RecordDraft {
        let route = Route(
            name: "r\"1\"", version: "0123456789abcdef", paths: [try PathPattern("/c/{partner}")], hosts: ["h.example.com"],
            endpoint: Endpoint(edition: .smallBusiness, action: .trial), origin: "web",
            campaign: CampaignRule(parameters: ["tag"], pattern: try ValuePattern("[\\s\\S]*")),
            destination: Destination(
                url: "https://d.example.com/S", host: "d.example.com", query: [OutgoingParameter(name: "p", source: .partner)]))
        let encoded = campaign.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let target = Array((target + encoded + "&%22%5C%7F=1").utf8)
        var head = RequestHead(bytes: Array("GET".utf8) + target, method: 0..<3, target: 3..<3 + target.count, version: .http11)
        head.appendField(name: "Host".utf8, value: "H.example.com:443".utf8)
        head.appendField(name: "User-Agent".utf8, value: "curl/7 \"\\".utf8)
        let request = SignupRequest(
            head: head, scheme: .https, tlsVersion: .tls12, visitor: VisitorAddress(network: [], recorded: "192.0.2.0"))
        let id = try #require(PartnerID("1234567"))
        let decision = decide(
            request, routes: RouteTable(routes: [route]),
            directory: PartnerDirectory(version: 3, standings: [id: PartnerStanding()]),
            time: try #require(Timestamp(rfc3339: "2016-10-03T08:09:10.000123Z")), receipt: GoldenCaseTests.receipt)
        return try #require(decision.draft)
    }

    private static func leaf(_ draft: RecordDraft) -> [UInt8] {
        var leaf: [UInt8] = []
        draft.appendLeafJSON(
            RecordCompletion(sequence: 42, node: "n1", visitor: nil, isRepeat: true),
            personal: [UInt8](repeating: 0xA5, count: 32), to: &leaf)
        return leaf
    }

    @Test("a leaf's bytes are these")
    func leafBytes() throws {
        let expected = #"""
            {"action":"trial","campaign":"spring","claimed":["1234567"],"client":"tool","client_os":"other",
            "destination_host":"d.example.com","directory_version":3,"edition":"small-business","host":"h.example.com",
            "kind":"signup","method":"GET","node":"n1","origin":"web","outcome":"attributed","partner":"1234567",
            "personal":"a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5",
            "receipt":"01ARZ3NDEKTSV4RRFFQ69G5FAV","repeat":1,"route":"r\"1\"","route_version":"0123456789abcdef",
            "scheme":"https","seq":42,"status":302,"test":0,"time":"2016-10-03T08:09:10.000123Z","tls_version":"1.2","v":1}
            """#.replacing("\n", with: "")
        #expect(String(decoding: Self.leaf(try Self.decision(campaign: "spring")), as: UTF8.self) == expected)
    }

    @Test("a leaf has the signature's worth where one was looked for, and is else as it was", arguments: LinkSignature.allCases)
    func signature(_ signature: LinkSignature) throws {
        var draft = try Self.decision(campaign: "spring")
        let without = String(decoding: Self.leaf(draft), as: UTF8.self)
        draft.signature = signature
        let leaf = Self.leaf(draft)
        let member = "\"signature\":\"\(signature.rawValue)\","
        #expect(
            String(decoding: leaf, as: UTF8.self) == without.replacing("\"seq\":42,", with: "\"seq\":42,\(member)"))
        #expect(Record(leaf: leaf, personal: nil)?.text(.signature) == signature.rawValue)
    }

    @Test("the personal fields' bytes are these, appended behind what was there")
    func personalBytes() throws {
        var json = Array("before".utf8)
        try Self.decision(campaign: "spring").appendPersonalJSON(visitor: "f00d", to: &json)
        let expected = #"""
            before{"dropped":["\"\\%7F"],"ip":"192.0.2.0","location":"https://d.example.com/S?p=1234567","partner_raw":"1234567",
            "user_agent":"curl/7 \"\\","visitor":"f00d"}
            """#.replacing("\n", with: "")
        #expect(String(decoding: json, as: UTF8.self) == expected)
    }

    @Test(
        "texts are escaped as RFC 8785 says (section 3.2.2.2), and come back",
        arguments: [
            ("\u{8}\t\n\u{C}\r", #"\b\t\n\f\r"#), ("\u{1}\u{1F}\u{0}", #"\u0001\u001f\u0000"#), ("\"\\/", #"\"\\/"#),
            ("é€😀", "é€😀"),
            ("\u{7F}\u{80}\u{2028}", "\u{7F}\u{80}\u{2028}"),
        ])
    func escapes(campaign: String, written: String) throws {
        let leaf = Self.leaf(try Self.decision(campaign: campaign))
        #expect(String(decoding: leaf, as: UTF8.self).utf8.contains(subsequence: "\"campaign\":\"\(written)\","))
        #expect(Record(leaf: leaf, personal: nil)?.text(.campaign) == campaign)
    }

    @Test("a record is read back without its personal fields once they are erased")
    func erased() throws {
        let leaf = Self.leaf(try Self.decision(campaign: "a"))
        let record = try #require(Record(leaf: leaf, personal: nil))
        #expect(record.number(.sequence) == 42)
        #expect(record.list(.claimed) == ["1234567"])
        for field in RecordField.allCases where field.isPersonal { #expect(record[field] == nil) }
    }

    @Test(
        "what no record was written as is not read",
        arguments: [
            "", "{", "{}x", "[]", "{\"seq\":1", "{\"seq\":}", "{\"seq\":-1}", "{\"seq\":1.5}", "{\"seq\":99999999999999999999}",
            "{ }",
            "{\"seq\" :1}", "{\"nope\":1}", "{\"ip\":\"a\"}", "{\"claimed\":[]}", "{\"claimed\":[1]}", "{\"claimed\":[\"1\",]}",
            "{\"seq\":1,}", "{\"route\":\"a}", "{\"route\":\"\\q\"}", "{\"route\":\"\\u0100\"}", "{\"route\":\"\\u00\"}",
            "{\"route\":{}}",
            "{\"route\":null}", "{\"route\"}", "{,}",
        ])
    func nonsense(leaf: String) {
        #expect(Record(leaf: Array(leaf.utf8), personal: nil) == nil)
    }

    @Test("leaves that were cut or changed anywhere are read or refused, never more")
    func damagedLeaves() throws {
        let leaf = Self.leaf(try Self.decision(campaign: "\"\\\n"))
        for length in leaf.indices { #expect(Record(leaf: Array(leaf[..<length]), personal: nil) == nil) }
        var generator = SplitMix64(seed: 51)
        for _ in 0..<5_000 {
            var damaged = leaf
            for _ in 0..<3 {
                damaged[Int.random(in: leaf.indices, using: &generator)] = UInt8.random(in: .min ... .max, using: &generator)
            }
            _ = Record(leaf: damaged, personal: nil)
        }
    }

    @Test(
        "personal text is ASCII on one line",
        arguments: [
            ("abc \"\\", "abc \"\\"), ("%", "%25"), ("\0\u{1F}\u{7F}", "%00%1F%7F"), ("é", "%C3%A9"), ("", ""), ("\n", "%0A"),
        ])
    func personalText(text: String, written: String) {
        #expect(PersonalText.escaped(text.utf8) == written)
    }

    @Test("personal text is cut to 512 bytes, as written")
    func personalTextBound() {
        #expect(PersonalText.escaped([UInt8](repeating: 0x61, count: 513)) == String(repeating: "a", count: 512))
        #expect(PersonalText.escaped([UInt8](repeating: 0xFF, count: 100_000)).utf8.count == 512)
        #expect(PersonalText.escaped([UInt8](repeating: 0x61, count: 511) + [0xFF]) == String(repeating: "a", count: 511) + "%")
    }

    @Test("fields have the order of the contract")
    func order() {
        let names = """
            seq, receipt, time, node, kind, route, edition, action, origin, campaign, outcome, reason, partner, claimed, client, \
            client_os, method, status, culture, country, host, scheme, tls_version, repeat, test, directory_version, route_version, \
            destination_host, location, referrer_host, visitor, partner_raw, ip, user_agent, dropped, adjusts, replaces, \
            adjusted_by, note, signature, subscription, change, by, product, channel, program, evidence, signup, tenant, actor, \
            conflict
            """
        #expect(RecordField.allCases.map(\.rawValue).joined(separator: ", ") == names)
        #expect(RecordField.allCases.map(\.ordinal) == Array(RecordField.allCases.indices))
        // What came later stands behind the personal fields.
        let former = RecordField.signups.filter { $0 != .signature }
        let personal = former.filter(\.isPersonal)
        #expect(Array(former.suffix(personal.count)) == personal && RecordField.signups.last == .signature)
    }
}

extension Collection<UInt8> {
    fileprivate func contains(subsequence text: String) -> Bool {
        let bytes = Array(self)
        let wanted = Array(text.utf8)
        return (0...Swift.max(0, bytes.count - wanted.count)).contains { bytes[$0...].starts(with: wanted) }
    }
}
