package cmek.sandbox;

@InAnotherProcess(InTheWorld.class)
class EntranceServiceIT extends EntranceFacts {}
