import Attribution
import Foundation
import RouteFiles
import Testing

@Suite("A folder of route files")
struct RouteFolderTests {
    private static func route(_ name: String, path: String) -> String {
        """
        name: \(name)
        match: { paths: [\(path)] }
        destination: { url: https://signup.example.com/Signup }

        """
    }

    private func mistakes(in path: String) -> [String] {
        do throws(RouteFileErrors) {
            _ = try RouteFolder.load(path: path)
            return []
        } catch {
            return error.mistakes.map(\.description)
        }
    }

    @Test("is read file by file; other files and hidden ones are passed over")
    func reading() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.route("b", path: "/b"), to: "1.yaml")
        try folder.write(Self.route("a", path: "/a"), to: "2.yml")
        try folder.write("not a route", to: ".hidden.yaml")
        try folder.write("not a route", to: "README.md")
        let loaded = try RouteFolder.load(path: folder.path, ownHosts: ["Gateway.Example.com:8443"])
        #expect(loaded.table.routes.map(\.name) == ["a", "b"])
        #expect(loaded.table.ownHosts == ["gateway.example.com"])
        #expect(loaded.sources.map(\.name) == ["b", "a"])
        #expect(loaded.sources.map(\.file) == ["\(folder.path)/1.yaml", "\(folder.path)/2.yml"])
        #expect(loaded.sources[0].text == Self.route("b", path: "/b"))
    }

    @Test("gives each route the first 16 digits of its file's SHA-256 as version")
    func version() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.route("a", path: "/a"), to: "a.yaml")
        let loaded = try RouteFolder.load(path: folder.path)
        // printf 'name: a\nmatch: { paths: [/a] }\ndestination: { url: https://signup.example.com/Signup }\n' | sha256sum
        #expect(loaded.sources[0].version == "14f46f3f4af10822")
        #expect(loaded.table.routes[0].version == loaded.sources[0].version)
    }

    @Test("takes a byte order mark and CRLF, as Windows editors write them")
    func windowsText() throws {
        let folder = try TemporaryFolder()
        let text = "\u{FEFF}" + Self.route("a", path: "/a").replacingOccurrences(of: "\n", with: "\r\n")
        try folder.write(text, to: "a.yaml")
        #expect(mistakes(in: folder.path) == [])
        try folder.write(text.replacingOccurrences(of: "name", with: "nome"), to: "a.yaml")
        #expect(
            mistakes(in: folder.path) == [
                "\(folder.path)/a.yaml:1:1: the file lacks the key name, expected name, match and destination",
                "\(folder.path)/a.yaml:1:1: unknown key \"nome\" in the file, expected name, description, match, endpoint, origin, "
                    + "campaign, partner or destination",
            ])
    }

    @Test("tells where a file stops being UTF-8")
    func encodings() throws {
        let folder = try TemporaryFolder()
        try folder.write(Data("name: a\ndescription: Gr".utf8) + Data([0xF6, 0xDF, 0x65]), to: "a.yaml")
        try folder.write(Data([0xFF, 0xFE, 0x6E, 0x00]), to: "b.yaml")
        #expect(
            mistakes(in: folder.path) == [
                "\(folder.path)/a.yaml:2:16: the file is not UTF-8 here, expected a text file saved as UTF-8",
                "\(folder.path)/b.yaml:1:1: the file is not UTF-8 here, expected a text file saved as UTF-8",
            ])
    }

    @Test("tells all mistakes of all files, in the order of files, lines and columns")
    func severalFiles() throws {
        let folder = try TemporaryFolder()
        try folder.write("nam: b\n", to: "b.yaml")
        try folder.write(Self.route("a", path: "a"), to: "a.yaml")
        try folder.write(Self.route("c", path: "/c"), to: "c.yaml")
        let positions = mistakes(in: folder.path).map { $0.dropFirst(folder.path.count + 1).prefix { $0 != " " } }
        #expect(positions == ["a.yaml:2:18:", "b.yaml:1:1:", "b.yaml:1:1:", "b.yaml:1:1:", "b.yaml:1:1:"])
    }

    @Test("names files as the folder was given")
    func fileNames() throws {
        let folder = try TemporaryFolder()
        try folder.write("[]", to: "a.yaml")
        #expect(mistakes(in: folder.path + "/").first?.hasPrefix("\(folder.path)/a.yaml:1:1: ") == true)
    }

    @Test("is a mistake when it is missing, empty or no folder")
    func noFolder() throws {
        let folder = try TemporaryFolder()
        #expect(
            mistakes(in: folder.path) == [
                "\(folder.path): the folder holds no route file, expected at least one *.yaml or *.yml"
            ])
        try folder.write("", to: "file")
        #expect(
            mistakes(in: "\(folder.path)/file") == [
                "\(folder.path)/file: the folder of route files is not a folder, "
                    + "expected one with *.yaml files in it (--routes names the folder)"
            ])
        #expect(
            mistakes(in: "\(folder.path)/none") == [
                "\(folder.path)/none: the folder of route files does not exist, expected it there (--routes names the folder)"
            ])
    }

    @Test("does not wait for a pipe, nor read a folder or a file without end")
    func oddFiles() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: "\(folder.path)/folder.yaml", withIntermediateDirectories: false)
        #expect(mkfifo("\(folder.path)/pipe.yaml", 0o600) == 0)
        try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/zero.yaml", withDestinationPath: "/dev/zero")
        try folder.write(String(repeating: "#", count: 65_537), to: "long.yaml")
        try folder.write(Self.route("a", path: "/a") + String(repeating: "#", count: 60_000), to: "right.yaml")
        #expect(
            mistakes(in: folder.path) == [
                "\(folder.path)/folder.yaml:1:1: is not a file, expected a text file",
                "\(folder.path)/long.yaml:1:1: is too long, expected at most 65536 bytes",
                "\(folder.path)/pipe.yaml:1:1: is not a file, expected a text file",
                "\(folder.path)/zero.yaml:1:1: is not a file, expected a text file",
            ])
    }

    @Test("keeps its fingerprint while nothing changes, and changes it with every kind of change")
    func fingerprint() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.route("a", path: "/a"), to: "a.yaml")
        var last = RouteFolder.fingerprint(path: folder.path)
        #expect(RouteFolder.fingerprint(path: folder.path) == last)

        func changed(_ what: Comment, _ change: () throws -> Void) rethrows {
            try change()
            let now = RouteFolder.fingerprint(path: folder.path)
            #expect(now != last, what)
            last = now
        }
        try changed("another file") { try folder.write(Self.route("b", path: "/b"), to: "b.yml") }
        try changed("another text of the same length, moved into place") {
            try folder.write(Self.route("b", path: "/c"), to: "new")
            #expect(rename("\(folder.path)/new", "\(folder.path)/b.yml") == 0)
        }
        try changed("a file moved away") { try folder.remove("b.yml") }
        try folder.write("notes", to: "notes.txt")
        #expect(RouteFolder.fingerprint(path: folder.path) == last, "no route file changed")
    }

    @Test("ships with four right routes, one for each endpoint")
    func shippedRoutes() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let routes = try RouteFolder.load(path: root.appending(path: "routes").path).table.routes
        #expect(routes.map(\.name) == ["enterprise-buy", "enterprise-trial", "small-business-buy", "small-business-trial"])
        #expect(
            routes.map(\.paths.first?.text) == [
                "/enterprisebuy.html", "/enterprisetry.html", "/smallbizbuy.html", "/smallbiztry.html",
            ])
        for route in routes {
            #expect(route.endpoint.map { "\($0.edition.rawValue)-\($0.action.rawValue)" } == route.name)
            #expect(route.origin == "essentials")
            let offer = route.destination.query.first
            guard offer?.name == "OfferId", case .value = offer?.source else {
                Issue.record("\(route.name) takes its offer from somewhere else than the file")
                continue
            }
        }
    }
}
