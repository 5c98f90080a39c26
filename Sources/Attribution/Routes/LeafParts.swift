/// What a route is called in records and redirects.
struct RouteLabels {
    let name: String
    let version: String
    let endpoint: Endpoint?
    let origin: String
}

/// The parts of a leaf that are the same in each record of a route, written out. Each member has its comma in front.
struct LeafParts: Sendable {
    /// Empty without an endpoint.
    let action: [UInt8]
    /// Ends where the value of `directory_version` is expected.
    let destinationHost: [UInt8]
    /// Empty without an endpoint.
    let edition: [UInt8]
    let origin: [UInt8]
    let route: [UInt8]

    var length: Int { action.count + destinationHost.count + edition.count + origin.count + route.count }

    init(_ labels: RouteLabels, destinationHost: String) {
        action = Self.member("action", labels.endpoint?.action.rawValue)
        self.destinationHost = Self.member("destination_host", destinationHost) + Array(#","directory_version":"#.utf8)
        edition = Self.member("edition", labels.endpoint?.edition.rawValue)
        origin = Self.member("origin", labels.origin)
        route = Self.member("route", labels.name) + Self.member("route_version", labels.version)
    }

    private static func member(_ name: String, _ value: String?) -> [UInt8] {
        guard let value else { return [] }
        var json = Array(",\"\(name)\":".utf8)
        json.appendJSONString(value)
        return json
    }
}
