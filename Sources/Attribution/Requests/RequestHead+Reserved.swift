extension RequestHead {
    /// What is asked for below ``OwnPath/reservedPrefix``: the rest of the path and the query, both as they were sent. nil for
    /// every other target.
    package var reserved: (path: ArraySlice<UInt8>, query: ArraySlice<UInt8>)? {
        guard let target = RequestTarget(self), OwnPath.isReserved(bytes.span.extracting(target.path)) else { return nil }
        return (bytes[target.path].dropFirst(OwnPath.reservedPrefix.utf8.count), bytes[target.query])
    }
}
