import HTTPTypes
import Hummingbird

extension API {
    private static let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]

    /// Has a path that there is answer 405 to a method that it does not have, with those that it has (RFC 9110, section
    /// 15.5.6). The router by itself knows only 404. Called when all of the API has been added.
    func refuseOtherMethods(on router: Router<BackOfficeContext>) {
        var known: [String: Set<String>] = [:]
        for route in router.routes where route.path.description.hasPrefix(Self.prefix) {
            known[route.path.description, default: []].insert(route.method.rawValue)
        }
        for (path, methods) in known {
            // What can be got has a head, which the router adds by itself.
            let allowed = methods.contains("GET") ? methods.union(["HEAD"]) : methods
            for method in Self.methods where !allowed.contains(method.rawValue) {
                router.on(RouterPath(path), method: method) { _, _ -> Response in
                    throw Problem.methodNotAllowed(method.rawValue, allowed: allowed.sorted())
                }
            }
        }
    }
}
