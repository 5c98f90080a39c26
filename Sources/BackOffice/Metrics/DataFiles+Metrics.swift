extension DataFiles {
    /// The sizes of the data folder's databases, and how much room is left for them, for `/metrics`.
    var families: [MetricFamily] {
        var sizes = MetricFamily(
            .gauge, "porter_file_bytes", "The size of a file in the data folder; none while the file is not there.")
        for (name, bytes) in bytes { sizes.set(bytes, ["file": name]) }
        var families = [sizes]
        families.append(
            .gauge, "porter_data_available_bytes", "Room that is left for Porter on the data folder's disk.", freeBytes)
        return families
    }
}
