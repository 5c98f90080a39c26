internal import Attribution

extension RouteFileReader {
    private static let destinationKeys = ["url", "allowInsecure", "fragment", "status", "query"]

    mutating func readDestination(_ node: YAMLNode, partner: PartnerRule) -> Destination? {
        guard let fields = fields(of: node, named: "destination", keys: Self.destinationKeys, required: ["url"]) else {
            return nil
        }
        // One slip, one message: where the flag itself is wrong, the URL is not blamed for lacking it.
        let allowInsecure = fields["allowInsecure"].map { flag($0.value, "destination.allowInsecure") ?? true } ?? false
        let url = fields["url"].flatMap { destinationURL($0.value, allowInsecure: allowInsecure) }
        let fragment = fields["fragment"].flatMap { self.fragment($0.value) }
        let status = fields["status"].flatMap { self.status($0.value) } ?? Self.defaultStatus
        let query = fields["query"].map { readQuery($0.value, partner: partner) } ?? []
        guard let url else { return nil }
        return Destination(url: url.text, host: url.host, fragment: fragment, status: status, query: query)
    }

    private mutating func flag(_ node: YAMLNode, _ label: String) -> Bool? {
        guard let text = text(node, label) else { return nil }
        switch text {
        case "true": return true
        case "false": return false
        default:
            report("\(label) is \(text.quotedForMessage), expected true or false", at: node.position)
            return nil
        }
    }

    private mutating func destinationURL(_ node: YAMLNode, allowInsecure: Bool) -> DestinationURL? {
        guard let text = text(node, "destination.url") else { return nil }
        let url = DestinationURL(text, allowInsecure: allowInsecure)
        for problem in url.problems {
            report("destination.url \(text.quotedForMessage) \(problem)", at: node.position)
        }
        return url.problems.isEmpty ? url : nil
    }

    private mutating func fragment(_ node: YAMLNode) -> String? {
        guard let text = text(node, "destination.fragment", mayBeEmpty: true) else { return nil }
        if text.utf8.first == UInt8(ascii: "#") {
            report(
                "destination.fragment \(text.quotedForMessage) begins with #, expected what follows the #", at: node.position)
        } else if let problem = URISyntax.problem(in: Array(text.utf8), allowing: URISyntax.fragment) {
            report("destination.fragment \(text.quotedForMessage) \(problem)", at: node.position)
        }
        return text
    }

    // MARK: status

    private static let defaultStatus = 302
    private static let statuses = [302, 303, 307]

    private mutating func status(_ node: YAMLNode) -> Int? {
        guard let text = text(node, "destination.status") else { return nil }
        if let status = Self.statuses.first(where: { String($0) == text }) { return status }
        let reason =
            switch text {
            case "301": " (browsers cache 301, so that later sign-ups would pass Porter by, unattributed)"
            case "308": " (the clients of Essentials, Internet Explorer 11 on Windows 7 and 8, do not follow 308)"
            default: ""
            }
        report("destination.status is \(text.quotedForMessage)\(reason), expected 302, 303 or 307", at: node.position)
        return nil
    }

    // MARK: query

    private mutating func readQuery(_ node: YAMLNode, partner: PartnerRule) -> [OutgoingParameter] {
        var parameters: [OutgoingParameter] = []
        var positions: [[UInt8]: TextPosition] = [:]
        for element in list(node, "destination.query", mayBeEmpty: true) {
            let (parameter, named) = readParameter(element, reserved: ReservedNames(partner: partner))
            if let parameter { parameters.append(parameter) }
            guard let named else { continue }
            if let earlier = positions[named.value.lowercasedASCIIBytes] {
                report(
                    "another outgoing parameter is named \(named.value.quotedForMessage) too, at \(earlier), expected each name "
                        + "once (letter case not regarded)",
                    at: named.position)
            } else {
                positions[named.value.lowercasedASCIIBytes] = named.position
            }
        }
        return parameters
    }
}
