package cmek.sandbox;

@InAnotherProcess(WithRepair.class)
class HostileScanServiceIT extends HostileScanFacts {}
