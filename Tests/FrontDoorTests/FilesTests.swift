import Testing

@testable import FrontDoor

@Suite("Files")
struct FilesTests {
    @Test("are replaced whole, and their folder is the one that is synced")
    func write() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/file"
        for text in ["one", "another"] {
            try Files.write(text, to: path, mode: 0o600)
            let bytes = try Files.read(path, limit: 100)
            #expect(bytes == Array(text.utf8))
        }
        #expect(Files.names(in: folder.path) == ["file"])
        #expect(folder.mode(of: path) == 0o600)
        #expect(throws: Files.Failure.self) { try Files.write("", to: "\(folder.path)/none/file", mode: 0o600) }
    }

    @Test(
        "have a folder, however their path is written",
        arguments: [("file", "."), ("/file", "/"), ("a/file", "a"), ("/a/b/file", "/a/b")]
    )
    func folder(path: String, folder: String) {
        #expect(Files.folder(of: path) == folder)
    }
}
