package cmek.sandbox;

@InAnotherProcess(InTheWorld.class)
class LogLineServiceIT extends LogLineFacts {}
