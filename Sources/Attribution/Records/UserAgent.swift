/// What a user agent's text says, found in one pass.
struct UserAgent {
    /// The kind of program; ``ClientKind/unknown`` when it does not say.
    let client: ClientKind
    /// The operating system it claims.
    let system: ClientOS

    /// nil without a text.
    init?(_ text: ArraySlice<UInt8>?) {
        guard let text, !text.isEmpty else { return nil }
        self.init(text.span)
    }

    private static let bots: [StaticString] = ["bot", "crawl", "facebookexternalhit", "preview", "slurp", "spider"]
    private static let windows: [StaticString] = ["windows"]
    private static let words = WordFinder(bots + windows)

    private init(_ text: Span<UInt8>) {
        var isBot = false
        var isPowerShell = false
        var namesWindows = false
        var version: ClientOS?
        var start = 0
        while let (word, index) = Self.words.first(in: text, from: start) {
            start = index + 1
            if word < Self.bots.count {
                isBot = true
            } else {
                namesWindows = true
                isPowerShell = isPowerShell || text.contains(lowercase: "windowspowershell", at: index)
                version = version ?? Self.windowsNT(in: text, at: index)
            }
        }
        system = version ?? (namesWindows ? .windowsOther : .other)
        client =
            if isBot {
                .bot
            } else if isPowerShell {
                .tool
            } else {
                Self.client(product: text)
            }
    }

    /// The program that the text begins with.
    private static func client(product text: Span<UInt8>) -> ClientKind {
        if text.contains(lowercase: "mozilla/", at: 0) || text.contains(lowercase: "opera/", at: 0) { return .browser }
        let product = text.index(of: UInt8(ascii: "/"))
        guard product <= longestTool else { return .unknown }
        return tools.contains((0..<product).map { text[$0].asciiLowercased }) ? .tool : .unknown
    }

    private static let longestTool = 32

    /// Products of programs that people and scripts fetch pages with, in lower case.
    private static let tools: Set<[UInt8]> = Set(
        [
            "curl", "wget", "libcurl", "pycurl", "httpie", "xh", "python-requests", "python-urllib", "python-httpx", "python",
            "aiohttp", "go-http-client", "java", "okhttp", "apache-httpclient", "libwww-perl", "lwp-trivial", "ruby", "axios",
            "node-fetch", "undici", "postmanruntime", "insomnia", "apachebench", "wrk", "h2load", "hey", "powershell",
            "microsoft bits", "winhttp",
        ].map { Array($0.utf8) })
}

extension UserAgent {
    /// What `Windows NT` at an index says; nil when it does not stand there, or no version behind it. Programs that print the whole
    /// version (`6.3.9600.0`) run on the same systems as those that print its beginning.
    private static func windowsNT(in text: Span<UInt8>, at index: Int) -> ClientOS? {
        guard text.contains(lowercase: "windows nt", at: index) else { return nil }
        var place = index + 10
        while place < text.count, text[place] == UInt8(ascii: " ") { place += 1 }
        let major = digits(in: text, from: &place)
        guard !major.isEmpty else { return nil }
        while place < text.count, text[place] == UInt8(ascii: ".") { place += 1 }
        let minor = digits(in: text, from: &place)
        return ClientOS(windowsNT: text.extracting(major), text.extracting(minor))
    }

    private static func digits(in text: Span<UInt8>, from place: inout Int) -> Range<Int> {
        let start = place
        while place < text.count, text[place].isASCIIDigit { place += 1 }
        return start..<place
    }
}

extension ClientOS {
    /// By a version's first two numbers as they are written.
    fileprivate init(windowsNT major: Span<UInt8>, _ minor: Span<UInt8>) {
        if major.isEqual(to: "10"), minor.isEqual(to: "0") {
            self = .windowsNT100
        } else if major.isEqual(to: "6"), minor.isEqual(to: "1") {
            self = .windowsNT61
        } else if major.isEqual(to: "6"), minor.isEqual(to: "2") {
            self = .windowsNT62
        } else if major.isEqual(to: "6"), minor.isEqual(to: "3") {
            self = .windowsNT63
        } else {
            self = .windowsOther
        }
    }
}
