import Attribution
import Testing

/// Requests at the limits, made to cost as much as they can.
@Suite struct HostileRequestTests {
    static let fillers: [String] = [
        " ", "%00", "%E2%80%83", "%EF%BB%BF", "\"", "x", "9", "0", "a=", "%", "%2", "+", "amp;", "{", "'%20", "%22%20",
    ]

    @Test("a target full of one thing costs little", arguments: fillers)
    func fullTargets(filler: String) throws {
        let routes = try GoldenCaseTests.routes.get()
        for prefix in ["/smallbiztry.html?Partner=", "/passing?any=", "/bare?", "/strict/", "/enterprisetry.html?campaign=", "/"]
        {
            var target = Array(prefix.utf8)
            while target.count + filler.utf8.count <= RequestLimits.targetBytes { target += filler.utf8 }
            let start = ContinuousClock.now
            _ = decide(
                Self.request(target: target), routes: routes, directory: PartnerDirectory(), time: GoldenCase.defaultTime,
                receipt: .zero)
            #expect(ContinuousClock.now - start < .seconds(1), "\(prefix)")
        }
    }

    @Test(
        "fields full of one thing cost little",
        arguments: [",", ";", "q=", "Windows NT ", "a;q=0,", "://", "@", "[", "bo", "windows nt"])
    func fullFields(filler: String) throws {
        let routes = try GoldenCaseTests.routes.get()
        for field in RequestHead.Field.allCases {
            let value = Array(repeatElement(filler.utf8, count: 16_000 / filler.utf8.count).joined())
            let request = Self.request(target: Array("/bare".utf8)) { $0.appendField(name: field.name.bytes, value: value) }
            let start = ContinuousClock.now
            _ = decide(request, routes: routes, directory: PartnerDirectory(), time: GoldenCase.defaultTime, receipt: .zero)
            #expect(ContinuousClock.now - start < .seconds(1), "\(field)")
        }
    }

    private static func request(target: [UInt8], _ add: (inout RequestHead) -> Void = { _ in }) -> SignupRequest {
        let method = Array("GET".utf8)
        var head = RequestHead(
            bytes: method + target, method: 0..<method.count, target: method.count..<method.count + target.count, version: .http11
        )
        head.appendField(name: "Host".utf8, value: "gateway.example.com".utf8)
        add(&head)
        return SignupRequest(head: head, scheme: .https)
    }
}
