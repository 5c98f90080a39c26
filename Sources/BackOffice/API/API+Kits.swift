import Attribution
import DeploymentKit
import Hummingbird
import Office

extension API {
    /// | request | answer |
    /// |---|---|
    /// | `GET partners/{id}/kit?format=&agreement=&gateway=&campaign=&language=&undo=&sign=&until=` | a file that prepares a reference image |
    func addKits(to group: RouterGroup<BackOfficeContext>) {
        group.get("partners/:id/kit") { request, context in
            _ = try context.require(.marketing)
            let wishes = try KitWishes(request)
            let identity = try context.require(wishes.role)
            // Programs read the warnings in the answer's head.
            let made = try await desks.kit(
                for: try context.parameters.partnerID(), wishes, isConfirmed: true, by: identity)
            return Response(made, isShown: false)
        }
    }
}
