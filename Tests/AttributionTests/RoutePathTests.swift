import Testing

@testable import Attribution

@Suite struct RoutePathTests {
    private static let host = Array("H.example.com".utf8)[...]

    @Test(
        "paths that no route may have",
        arguments: [
            ("", PathPattern.Mistake.notAbsolute), ("p", .notAbsolute), ("{partner}", .notAbsolute), ("/p?x", .queryOrFragment),
            ("/p#", .queryOrFragment), ("/p\n", .controlCharacter), ("/p\u{7F}", .controlCharacter), ("/{id}", .template),
            ("/p{partner}", .template), ("/{partner}.html", .template), ("/{partner}/{partner}", .template),
            ("/{Partner}", .template),
            ("/{}", .template), ("/p}", .template), ("/healthz", .ownPath("/healthz")), ("/Healthz/", .ownPath("/healthz")),
            ("/robots.txt", .ownPath("/robots.txt")), ("/favicon.ico", .ownPath("/favicon.ico")), ("/s/x", .ownPath("/s/")),
            ("/S/x", .ownPath("/s/")), ("/s/{partner}", .ownPath("/s/")), ("/s/", .ownPath("/s/")), ("/s//", .ownPath("/s/")),
            ("/%73/x", .ownPath("/s/")), ("/%68ealthz", .ownPath("/healthz")),
        ])
    func mistakes(text: String, mistake: PathPattern.Mistake) {
        do {
            let pattern = try PathPattern(text)
            Issue.record("\(pattern.text) is taken")
        } catch {
            #expect(error == mistake)
        }
    }

    /// Whether some path is matched by both.
    static let pairs: [(left: String, right: String, overlap: Bool)] = [
        ("/a", "/a", true), ("/a", "/A/", true), ("/a", "/%61", true), ("/a", "/b", false), ("/a", "/a/b", false),
        ("/{partner}", "/a", true), ("/{partner}", "/{partner}", true), ("/{partner}", "/a/b", false),
        ("/{partner}/b", "/a/{partner}", true), ("/{partner}/b", "/a/c", false), ("/p/{partner}/x", "/{partner}/1/x", true),
        ("/p/{partner}/x", "/{partner}/1/y", false), ("/a%2Fb", "/a/b", false), ("/", "/{partner}", false),
        ("//", "/{partner}/", true),
        ("/p//x", "/p/{partner}/x", true), ("/caf%C3%A9", "/café", true), ("/café", "/cafe\u{301}", false), ("/É", "/é", false),
    ]

    @Test("two paths overlap when one request could reach both", arguments: pairs)
    func overlaps(left: String, right: String, overlap: Bool) throws {
        let (left, right) = (try PathPattern(left), try PathPattern(right))
        #expect(left.overlaps(right) == overlap)
        #expect(right.overlaps(left) == overlap)
    }

    @Test(
        "a path is split before it is decoded",
        arguments: [
            ("/a/b", ["", "a", "b"]), ("/a/b/", ["", "a", "b"]), ("/a//", ["", "a", ""]), ("/", [""]), ("//", ["", ""]),
            ("/a%2Fb", ["", "a/b"]), ("/%", ["", "%"]), ("/%4", ["", "%4"]), ("/%4/1", ["", "%4", "1"]), ("/%2541", ["", "%41"]),
            ("/%%41", ["", "%A"]), ("/+", ["", "+"]), ("/./..", ["", ".", ".."]),
        ])
    func splitting(path: String, segments: [String]) {
        let read = RequestPath(path.utf8)
        #expect((0..<read.count).map { String(decoding: read[$0], as: UTF8.self) } == segments)
    }

    @Test("a thousand routes are told apart")
    func manyRoutes() throws {
        let routes = try (0..<1_000).map { number in
            Route(
                name: "r\(number)", version: "0",
                paths: [try PathPattern("/r/\(number)"), try PathPattern("/r/\(number)/{partner}/go")],
                hosts: number % 2 == 0 ? [] : ["h.example.com"],
                destination: Destination(url: "https://example.com/\(number)", host: "example.com"))
        }
        let table = RouteTable(routes: routes.shuffled())
        #expect(table.routes.map(\.name) == routes.map(\.name).sorted())
        for number in 0..<1_000 {
            #expect(table.match(RequestPath("/R/\(number)/".utf8), host: Self.host)?.route.name == "r\(number)")
            let match = table.match(RequestPath("/r/\(number)/ABC/Go".utf8), host: Self.host)
            #expect(match?.route.name == "r\(number)")
            #expect(match?.partner.map(Array.init) == Array("ABC".utf8))
            #expect((table.match(RequestPath("/r/\(number)".utf8), host: nil) != nil) == (number % 2 == 0))
        }
        #expect(table.match(RequestPath("/r/1000".utf8), host: nil) == nil)
        #expect(table.match(RequestPath("/r".utf8), host: nil) == nil)
        #expect(table.match(RequestPath("/r/1/x/stop".utf8), host: Self.host) == nil)
    }

    @Test("a look-up goes through as few places with a thousand templates as with one")
    func shortProbes() throws {
        let routes = try (0..<1_000).map { number in
            Route(
                name: "r\(number)", version: "0",
                paths: [try PathPattern("/r\(number)/here.html"), try PathPattern("/r\(number)/p/{partner}/go")],
                destination: Destination(url: "https://example.com/", host: "example.com"))
        }
        // With half of the places free, a run of 20 is one in millions for even hashes.
        #expect(PathTree(routes).longestProbe < 40)
    }

    @Test("a target of slashes alone is looked up at once")
    func slashes() throws {
        let routes = [
            Route(
                name: "deep", version: "0", paths: [try PathPattern("/{partner}" + String(repeating: "/", count: 60) + "x")],
                destination: Destination(url: "https://example.com", host: "example.com"))
        ]
        let table = RouteTable(routes: routes)
        let start = ContinuousClock.now
        #expect(table.match(RequestPath([UInt8](repeating: UInt8(ascii: "/"), count: 8_192)), host: nil) == nil)
        #expect(ContinuousClock.now - start < .seconds(1))
    }
}
