internal import Attribution

/// Reads one route file. Goes on after each mistake, so that all of them are told at once.
struct RouteFileReader {
    let file: String
    let version: String
    private(set) var mistakes: [RouteMistake] = []

    /// - Parameter version: what the route's records will hold as `route_version`.
    /// - Parameter text: the file's bytes, UTF-8 with or without a byte order mark.
    static func read(file: String, version: String, text: [UInt8]) -> (draft: RouteDraft, mistakes: [RouteMistake]) {
        var reader = RouteFileReader(file: file, version: version)
        var draft = RouteDraft(file: file)
        do throws(YAMLMistake) {
            if let root = try YAMLComposer.compose(try Self.checkedText(text)), !root.isNothing {
                reader.readRoute(root, into: &draft)
            } else {
                reader.report("the file is empty, expected a route with the keys name, match and destination", at: .start)
            }
        } catch {
            reader.report(error.message, at: error.position)
        }
        return (draft, reader.mistakes)
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The text without its byte order mark.
    private static func checkedText(_ text: [UInt8]) throws(YAMLMistake) -> [UInt8] {
        let text = text.starts(with: byteOrderMark) ? Array(text.dropFirst(byteOrderMark.count)) : text
        guard let valid = firstInvalidOffset(text) else { return text }
        throw YAMLMistake(
            position: TextPosition(after: text.prefix(valid)),
            message: "the file is not UTF-8 here, expected a text file saved as UTF-8")
    }

    /// nil when all of it is UTF-8.
    private static func firstInvalidOffset(_ text: [UInt8]) -> Int? {
        guard String(validating: text, as: UTF8.self) == nil else { return nil }
        var offset = 0
        var decoder = UTF8()
        var bytes = text.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&bytes) { offset += UTF8.width(scalar) }
        return offset
    }

    mutating func report(_ message: String, at position: TextPosition) {
        mistakes.append(RouteMistake(file: file, position: position, message: message))
    }

    // MARK: The route

    private static let keys = ["name", "description", "match", "endpoint", "origin", "campaign", "partner", "destination"]

    private mutating func readRoute(_ root: YAMLNode, into draft: inout RouteDraft) {
        guard
            let fields = fields(
                of: root, named: "the file", keys: Self.keys, required: ["name", "match", "destination"], missingAt: .start)
        else { return }
        draft.name = fields["name"].flatMap { field in
            name(field.value, "name").map { RouteDraft.Located(value: $0, position: field.value.position) }
        }
        let description = fields["description"].flatMap { text($0.value, "description", mayBeEmpty: true) }
        readMatch(fields["match"], into: &draft)
        let endpoint = fields["endpoint"].flatMap { readEndpoint($0.value) }
        let origin = fields["origin"].flatMap { name($0.value, "origin") }
        let partner = fields["partner"].map { readPartner($0.value) } ?? PartnerRule()
        let campaign = fields["campaign"].flatMap { readCampaign($0.value, partner: partner) }
        let destination = fields["destination"].flatMap { readDestination($0.value, partner: partner) }

        guard mistakes.isEmpty, let name = draft.name, let hosts = draft.hosts, let destination else { return }
        draft.route = Route(
            name: name.value,
            description: description,
            version: version,
            paths: draft.paths.map(\.value),
            hosts: hosts,
            endpoint: endpoint,
            origin: origin ?? Route.defaultOrigin,
            campaign: campaign,
            partner: partner,
            destination: destination
        )
    }

    // MARK: match

    private mutating func readMatch(_ field: Field?, into draft: inout RouteDraft) {
        guard let field,
            let fields = fields(of: field.value, named: "match", keys: ["paths", "hosts"], required: ["paths"])
        else { return }
        if let paths = fields["paths"] {
            for node in list(paths.value, "match.paths") {
                guard let text = name(node, "a path") else { continue }
                do throws(PathPattern.Mistake) {
                    draft.paths.append(RouteDraft.Located(value: try PathPattern(text), position: node.position))
                } catch {
                    report("the path \(text.quotedForMessage) \(error.inWords)", at: node.position)
                }
            }
        }
        draft.hosts = fields["hosts"].map { readHosts($0.value) } ?? []
    }

    /// nil when one of them is wrong.
    private mutating func readHosts(_ node: YAMLNode) -> [String]? {
        let before = mistakes.count
        var hosts: [String] = []
        for node in list(node, "match.hosts", mayBeEmpty: true) {
            guard let text = name(node, "a host") else { continue }
            let host = HostName.normalized(text)
            if let problem = HostSyntax.problem(ofAuthority: Array(text.utf8)) {
                report(
                    "the host \(text.quotedForMessage) \(problem), expected a name such as signup.example.com", at: node.position)
            } else if !hosts.contains(host) {
                hosts.append(host)
            }
        }
        return mistakes.count == before ? hosts : nil
    }

    // MARK: endpoint, campaign, partner

    private mutating func readEndpoint(_ node: YAMLNode) -> Endpoint? {
        let keys = ["edition", "action"]
        guard let fields = fields(of: node, named: "endpoint", keys: keys, required: keys) else { return nil }
        let edition: Endpoint.Edition? = fields["edition"].flatMap { word($0.value, "endpoint.edition") }
        let action: Endpoint.Action? = fields["action"].flatMap { word($0.value, "endpoint.action") }
        guard let edition, let action else { return nil }
        return Endpoint(edition: edition, action: action)
    }

    private mutating func readCampaign(_ node: YAMLNode, partner: PartnerRule) -> CampaignRule? {
        let keys = ["parameters", "pattern"]
        guard let fields = fields(of: node, named: "campaign", keys: keys, required: keys) else { return nil }
        var parameters: [String] = []
        if let field = fields["parameters"] {
            for node in list(field.value, "campaign.parameters") {
                guard let parameter = name(node, "a campaign parameter") else { continue }
                if let meaning = ReservedNames(partner: partner).meaning(of: parameter) {
                    report(
                        "the campaign parameter \(parameter.quotedForMessage) \(meaning), expected a name of the campaign's own",
                        at: node.position)
                }
                parameters.append(parameter)
            }
        }
        guard let pattern = fields["pattern"].flatMap({ self.pattern($0.value, "campaign.pattern") }) else { return nil }
        return CampaignRule(parameters: parameters, pattern: pattern)
    }

    /// Where something is wrong, the default stands in for it, so that what depends on it is still checked.
    private mutating func readPartner(_ node: YAMLNode) -> PartnerRule {
        let keys = ["parameters", "require", "precedence", "otherwise", "signature"]
        guard let fields = fields(of: node, named: "partner", keys: keys) else { return PartnerRule() }
        let signature: PartnerRule.Signature = fields["signature"].flatMap { word($0.value, "partner.signature") } ?? .off
        var parameters = PartnerRule.defaultParameters
        if let field = fields["parameters"] {
            parameters = list(field.value, "partner.parameters").compactMap { node in
                guard let parameter = name(node, "a partner parameter") else { return nil }
                if let meaning = ReservedNames(signature: signature).meaning(of: parameter) {
                    report(
                        "the partner parameter \(parameter.quotedForMessage) \(meaning), expected a name of the partner's own",
                        at: node.position)
                }
                return parameter
            }
        }
        return PartnerRule(
            parameters: parameters,
            require: fields["require"].flatMap { word($0.value, "partner.require") } ?? .directory,
            precedence: fields["precedence"].flatMap { word($0.value, "partner.precedence") } ?? .path,
            otherwise: fields["otherwise"].flatMap { word($0.value, "partner.otherwise") } ?? .redirect,
            signature: signature
        )
    }
}

extension PathPattern.Mistake {
    fileprivate var inWords: String {
        switch self {
        case .notAbsolute: "does not begin with /, expected an absolute path such as /enterprisetry.html"
        case .tooManySegments: "has more than \(PathPattern.maximumSegments) segments, expected a shorter path"
        case .queryOrFragment: "has a query or a fragment, expected a path alone, without ? and #"
        case .template: "has a template other than one whole segment {partner}, expected a path such as /p/{partner}/trial"
        case .ownPath(let own): "is the service's own (\(own)), expected another path"
        case .controlCharacter: "has a control character, expected printable text"
        }
    }
}
