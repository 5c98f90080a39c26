extension ClientKind {
    /// What a request's fields say about who sent it; the first rule that fits decides.
    init(_ head: RequestHead) {
        let agent = head[.userAgent] ?? []
        self =
            if Self.isPreview(head) {
                .preview
            } else if Self.botWords.contains(where: agent.containsIgnoringASCIICase) {
                .bot
            } else if Self.isTool(agent) {
                .tool
            } else if Self.browserPrefixes.contains(where: agent.hasPrefixIgnoringASCIICase) {
                .browser
            } else {
                .unknown
            }
    }

    private static let botWords: [StaticString] = ["bot", "crawl", "spider", "slurp", "facebookexternalhit", "preview"]
    private static let browserPrefixes: [StaticString] = ["mozilla/", "opera/"]
    private static let previewFields: [RequestHead.Field] = [.secPurpose, .purpose, .xPurpose, .xMoz]
    private static let previewWords: [StaticString] = ["prefetch", "prerender", "preview"]

    private static func isPreview(_ head: RequestHead) -> Bool {
        previewFields.contains { field in
            guard let value = head[field] else { return false }
            return previewWords.contains(where: value.containsIgnoringASCIICase)
        }
    }

    private static func isTool(_ agent: ArraySlice<UInt8>) -> Bool {
        let product = agent.prefix { $0 != UInt8(ascii: "/") }
        return product.count <= longestTool && tools.contains(product.map(\.asciiLowercased))
            || agent.containsIgnoringASCIICase("windowspowershell")
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

extension ClientOS {
    /// What the user agent claims; nil without one.
    init?(agent: ArraySlice<UInt8>?) {
        guard let agent, !agent.isEmpty else { return nil }
        if let version = Self.windowsNTVersion(in: agent) {
            self = Self(rawValue: "windows-nt-" + version) ?? .windowsOther
        } else {
            self = agent.containsIgnoringASCIICase("windows") ? .windowsOther : .other
        }
    }

    /// The major and minor version behind the first `Windows NT` that a version follows. Programs that print the whole version
    /// (`6.3.9600.0`) run on the same systems as those that print its beginning.
    private static func windowsNTVersion(in agent: ArraySlice<UInt8>) -> String? {
        var start = agent.startIndex
        while let found = agent.firstIndexIgnoringASCIICase(of: "windows nt", from: start) {
            start = found + 10
            let text = agent[start...].drop { $0 == UInt8(ascii: " ") }.prefix { $0.isASCIIDigit || $0 == UInt8(ascii: ".") }
            guard text.first?.isASCIIDigit == true else { continue }
            let version = text.split(separator: UInt8(ascii: "."), maxSplits: 2).prefix(2)
            return String(decoding: Array(version.joined(separator: [UInt8(ascii: ".")])).prefix(8), as: UTF8.self)
        }
        return nil
    }
}
