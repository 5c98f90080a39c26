// CYaml is the libyaml that Yams brings along. Yams' own composer gives up at the first key that is written twice and keeps
// neither its position nor anything else of the file, while a route file's mistakes are to be told all at once; so the events
// are put together here.
internal import CYaml
internal import Yams

/// Makes one tree of nodes out of a text's YAML events.
struct YAMLComposer: ~Copyable {
    /// A route has four levels; the rest is room for mistakes that are then told more precisely.
    static let maximumDepth = 16
    /// A route of a hundred outgoing parameters has about a thousand nodes. Bounds what aliases can multiply.
    static let maximumNodes = 10_000

    private let source: YAMLEventSource
    private var anchors: [String: YAMLNode] = [:]
    private var nodeCount = 0

    private init(_ text: [UInt8]) {
        source = YAMLEventSource(text)
    }

    /// The document's root; nil when the text holds nothing but comments.
    static func compose(_ text: [UInt8]) throws(YAMLMistake) -> YAMLNode? {
        var composer = YAMLComposer(text)
        return try composer.document()
    }

    private mutating func document() throws(YAMLMistake) -> YAMLNode? {
        _ = try source.next()
        guard case .documentStart = try source.next().kind else { return nil }
        let root = try node(try source.next(), depth: 1)
        _ = try source.next()
        let after = try source.next()
        if case .documentStart = after.kind {
            throw YAMLMistake(
                position: after.position, message: "a second document begins here, expected one route per file")
        }
        return root
    }

    private mutating func node(_ event: YAMLEvent, depth: Int) throws(YAMLMistake) -> YAMLNode {
        guard depth <= Self.maximumDepth else {
            throw YAMLMistake(
                position: event.position, message: "nested too deeply, expected at most \(Self.maximumDepth) levels")
        }
        let node = try content(of: event, depth: depth)
        if let anchor = event.anchor { anchors[anchor] = node }
        return node
    }

    private mutating func content(of event: YAMLEvent, depth: Int) throws(YAMLMistake) -> YAMLNode {
        switch event.kind {
        case .scalar(let text, let isPlain):
            try count(1, at: event.position)
            return YAMLNode(position: event.position, content: .scalar(text, isPlain: isPlain), size: 1)
        case .sequenceStart:
            return try sequence(at: event.position, depth: depth)
        case .mappingStart:
            return try mapping(at: event.position, depth: depth)
        case .alias(let name):
            guard let node = anchors[name] else {
                throw YAMLMistake(
                    position: event.position,
                    message: "the alias *\(name) refers to nothing, expected an anchor &\(name) before it")
            }
            try count(node.size, at: event.position)
            return node
        case .documentStart, .end:
            throw YAMLMistake(position: event.position, message: "the document ends too early, expected a value")
        }
    }

    private mutating func sequence(at position: TextPosition, depth: Int) throws(YAMLMistake) -> YAMLNode {
        try count(1, at: position)
        var elements: [YAMLNode] = []
        var size = 1
        while true {
            let event = try source.next()
            if case .end = event.kind { break }
            let element = try node(event, depth: depth + 1)
            size += element.size
            elements.append(element)
        }
        return YAMLNode(position: position, content: .sequence(elements), size: size)
    }

    private mutating func mapping(at position: TextPosition, depth: Int) throws(YAMLMistake) -> YAMLNode {
        try count(1, at: position)
        var pairs: [YAMLNode.Pair] = []
        var size = 1
        while true {
            let event = try source.next()
            if case .end = event.kind { break }
            let key = try node(event, depth: depth + 1)
            let value = try node(try source.next(), depth: depth + 1)
            size += key.size + value.size
            pairs.append(YAMLNode.Pair(key: key, value: value))
        }
        return YAMLNode(position: position, content: .mapping(pairs), size: size)
    }

    private mutating func count(_ nodes: Int, at position: TextPosition) throws(YAMLMistake) {
        nodeCount += nodes
        guard nodeCount <= Self.maximumNodes else {
            throw YAMLMistake(position: position, message: "too much for one route, expected at most \(Self.maximumNodes) values")
        }
    }
}
