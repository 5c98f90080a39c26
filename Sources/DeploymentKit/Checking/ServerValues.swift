import Attribution

/// The values that the module finds on a server.
struct ServerValues {
    struct Found {
        let key: String
        let data: RegistryData
    }

    private var found: [SignupValue.Name: Found] = [:]

    /// The running system's key goes before that of a loaded hive.
    init(_ export: RegistryExport) {
        for place in [KeyPlace.loaded, .right] {
            for key in export.keys where key.place == place {
                for value in key.values {
                    guard let name = SignupValue.Name(registryName: value.name), let data = value.data else { continue }
                    found[name] = Found(key: key.path, data: data)
                }
            }
        }
    }

    subscript(name: SignupValue.Name) -> Found? { found[name] }

    var names: [SignupValue.Name] { SignupValue.Name.allCases.filter { found[$0] != nil } }

    /// What the module sends as the Partner ID: it reads strings only.
    var partner: String? { self[.partner]?.data.text }
}
