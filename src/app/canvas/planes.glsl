uniform vec4 facts[6]; // as in the program
uniform sampler2D luma_plane;
uniform sampler2D u_plane;
uniform sampler2D v_plane;

in vec2 at;
out vec4 colour;

void main() {
    vec2 place = facts[0].xy + at.x * facts[1].xy + at.y * facts[1].zw;
    vec2 chroma_place = place * facts[2].xy + facts[2].zw;
    float luma = facts[3].z * (texture(luma_plane, place).r - facts[3].x);
    float u = texture(u_plane, chroma_place).r - facts[3].y;
    float v = texture(v_plane, chroma_place).r - facts[3].y;
    float red = luma + facts[4].x * v;
    float green = luma + facts[4].y * u + facts[4].z * v;
    float blue = luma + facts[4].w * u;
    vec3 bright = pow(clamp(vec3(red, green, blue), 0.0, 1.0), vec3(facts[5].x));
    colour = vec4(clamp((bright - 0.5) * facts[5].y + 0.5, 0.0, 1.0), 1.0);
}
