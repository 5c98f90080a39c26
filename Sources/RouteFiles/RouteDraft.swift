internal import Attribution

/// What could be read of one route file. Even a file with mistakes takes part in the comparison with the others.
struct RouteDraft {
    struct Located<Value> {
        let value: Value
        let position: TextPosition
    }

    let file: String
    var name: Located<String>?
    var paths: [Located<PathPattern>] = []
    /// nil when the hosts could not all be read: then nothing is known about which other routes they overlap with.
    var hosts: [String]?
    /// nil when the file has mistakes.
    var route: Route?
}
